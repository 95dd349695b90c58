import { expect, test } from 'vitest';
import { changesLab, isProgress, withoutStatus } from './progress.ts';

test.for([
  'make up',
  'make up LESSON=02-work-queue',
  'LESSON=02-work-queue make reset',
  'docker-compose up -d --scale consumer=3',
  'docker compose stop producer consumer',
  'docker-compose -p x kill broker',
  'PREFETCH=0 docker-compose run -d --name worker-1 consumer',
  'PUBLISH_INTERVAL_MS=10 docker-compose \\\n  up -d',
])('%j only changes the lab', (command) => {
  expect(changesLab(command)).toBe(true);
});

test.for([
  'make queues',
  'make produce',
  'docker-compose up',
  'docker-compose run --rm producer',
  'docker-compose exec -T broker rabbitmqctl stop_app',
  'docker-compose stop consumer && make queues',
  'docker-compose stop $(make produce)',
  'docker-compose stop >file',
  'docker rm -f worker-1',
])('%j prints something of its own', (command) => {
  expect(changesLab(command)).toBe(false);
});

test.for([
  'Attaching to lab_consumer_1',
  'Creating lab_producer_run ... ',
  'Creating lab_producer_run ... done',
  'Stopping lab_broker_1   ... done',
  'Creating network "lab_default" with the default driver',
  'lab_broker_1 is up-to-date',
  ' Container lab-broker-1  Running',
  ' Network lab_default  Created',
  'time="2026-11-21T20:37:37Z" level=warning msg="Found orphan containers ([worker-3 worker-2]) for this project. If you removed',
  'Found orphan containers (lab_broker-2_1, lab_cookie_1) for this project. If you removed',
  'WARN[0000] Found orphan containers ([worker-3]) for this project. If you removed',
])("%j is Compose's progress", (line) => {
  expect(isProgress(line)).toBe(true);
});

test.for([
  'Starting lab_broker_1 ... error',
  ' Container lab-broker-1  Error',
  'time="2026-11-21T20:37:37Z" level=warning msg="No services to build"',
  " [x] Received 'Starting a task ...'",
  'Removing all messages',
])('%j is not', (line) => {
  expect(isProgress(line)).toBe(false);
});

test('the line with which Compose ends a `run` that failed is its own', () => {
  const command = 'AMQP_PORT=1 docker-compose run --rm producer';
  expect(withoutStatus(['refused', '1'], command, 1)).toEqual(['refused']);
  expect(withoutStatus(['refused'], command, 1)).toEqual(['refused']);
  expect(withoutStatus(['refused', '1'], command, 2)).toEqual(['refused', '1']);
  expect(withoutStatus(['refused', ''], command, 1)).toEqual(['refused']);
  expect(withoutStatus(['sent', ''], command, 0)).toEqual(['sent', '']);
  expect(withoutStatus(['0'], command, 0)).toEqual(['0']);
  expect(withoutStatus(['1'], 'make consume', 1)).toEqual(['1']);
});
