import { expect, test } from 'vitest';
import { isRead } from './reads.ts';

test.for([
  'docker ps',
  'docker-compose logs --no-log-prefix consumer',
  'docker logs $(docker-compose ps -q consumer)',
  'docker compose -p x logs consumer 2>&1 | tail -3',
  'LESSON=02-work-queue docker-compose ps',
  'docker-compose exec -T broker rabbitmqctl -q list_queues name messages',
  'docker-compose exec broker rabbitmqctl -p / list_bindings',
  'docker exec broker rabbitmqadmin -u guest -p guest list queues',
  'engine/compose exec -T broker rabbitmq-diagnostics -q ping',
  'make queues',
  'make queues | grep -E "hello|task"',
  "curl -s 'http://localhost:15672/api/queues?a=1&b=2' \\\n| jq .",
])('%j only looks', (command) => {
  expect(isRead(command)).toBe(true);
});

test.for([
  'make up',
  'make logs',
  'docker-compose logs -f consumer',
  'docker-compose exec -T broker rabbitmqctl stop_app',
  'docker-compose exec -T broker rabbitmqctl -q delete_queue list_',
  'docker-compose exec broker rabbitmqadmin publish routing_key=list',
  'docker-compose exec broker rabbitmqadmin get queue=hello',
  'curl -s -u guest:guest -X PUT http://localhost:15672/api/queues/%2F/hello',
  'curl -sXDELETE http://localhost:15672/api/queues/%2F/hello',
  "curl --data '{}' http://localhost",
  'docker ps -q | xargs docker kill',
  'docker ps; make down',
  'docker ps && docker kill x',
  'docker inspect $(make produce)',
  'docker logs $(docker-compose ps -q consumer; make produce)',
  'docker psx',
])('%j may change something, or never ends: it is run once', (command) => {
  expect(isRead(command)).toBe(false);
});
