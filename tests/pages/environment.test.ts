import { expect, test } from 'vitest';
import { pageEnvironment } from './environment.ts';

test("a page runs with the reader's environment and none of the lab's settings", () => {
  const kept = { PATH: '/bin', DOCKER_HOST: 'x', RABBITMQ_IMAGE: 'rabbitmq:4', MY_LESSON: 'x' };
  const lab = {
    LESSON: '02',
    ARGS: 'x',
    PUBLISH_COUNT: '1',
    AMQP_URL: 'x',
    UPDATE: '1',
    SABOTAGE: '1',
  };
  const shell = { MAKEFLAGS: 'x', MAKELEVEL: '1', COMPOSE_FILE: 'x', COLUMNS: '80', LC_ALL: 'ru' };
  expect(pageEnvironment({ ...kept, ...lab, ...shell, TERM: 'xterm' })).toEqual({
    ...kept,
    COMPOSE_PROJECT_NAME: 'rabbitmq-lab-pages',
    LANG: 'C.UTF-8',
    TERM: 'dumb',
  });
});
