/** A lesson that needs a broker of its own says so where it is started without. */
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Program } from './program.ts';

const PROGRAMS = globSync('{producer,consumer}/{15-tls,16-protocols,17-cluster}.ts').toSorted();

test('there are such lessons', () => {
  expect(PROGRAMS).toHaveLength(6);
});

test.for(PROGRAMS)('%s ends at once without its broker, and says what to type', async (file) => {
  const lesson = basename(file, '.ts');
  const program = new Program(file, { AMQP_HOST: 'not.used.invalid', LAB_BROKER: '' });
  onTestFinished(() => program.signal('SIGKILL'));
  expect(await program.end()).toBe(2);
  expect(program.lines).toEqual([
    ` [!] Lesson ${lesson} needs a broker of its own, which broker/server/${lesson}/compose.yml ` +
      `sets up. Type: make up LESSON=${lesson}. Before docker-compose, type: export LESSON=${lesson} ` +
      `COMPOSE_FILE=docker-compose.yml:broker/server/${lesson}/compose.yml`,
  ]);
});

test.for(['producer/18-pika.ts', 'producer/01-hello.ts'])(
  '%s needs no other broker than that of all lessons',
  async (file) => {
    const program = new Program(file, { AMQP_HOST: 'not.used.invalid', LAB_BROKER: '' });
    onTestFinished(() => program.signal('SIGKILL'));
    expect(await program.waitForLine(/./)).toMatch(/not\.used\.invalid:5672 is not there yet/);
  },
);
