/** Lesson 14-users-and-vhosts: the real producer and the real consumer, as processes. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { callApi, type Vhost } from './broker.ts';
import { test as base } from './lab.ts';

const PRODUCER = 'producer/14-users-and-vhosts.ts';
const CONSUMER = 'consumer/14-users-and-vhosts.ts';

const ALL = { configure: '.*', write: '.*', read: '.*' };
const WRITE = { configure: '^$', write: '^orders$', read: '^$' };
const READ = { configure: '^$', write: '^$', read: '^orders$' };

const test = base
  // Makes a user for this test; resolves with the settings of a program that logs in as that user.
  .extend('addUser', async ({ vhost }, { onCleanup }) => {
    const paths: string[] = [];
    onCleanup(async () => {
      for (const path of paths) await callApi('DELETE', path);
    });
    return async (name: string, permissions?: object) => {
      const user = { AMQP_USER: `${name} ${randomUUID().slice(0, 8)}`, AMQP_PASSWORD: 'practice' };
      const encoded = encodeURIComponent(user.AMQP_USER);
      const path = `/api/users/${encoded}`;
      await callApi('PUT', path, { password: user.AMQP_PASSWORD, tags: '' });
      paths.push(path);
      const inVhost = `/api/permissions/${encodeURIComponent(vhost.name)}/${encoded}`;
      if (permissions) await callApi('PUT', inVhost, permissions);
      return user;
    };
  });

/** What the broker says to a user who may not do this to `orders`. RabbitMQ 3.10 leaves out what. */
const refused = (access: string, kind: string, user: string, vhost: Vhost) =>
  new RegExp(
    `ACCESS_REFUSED - (${access} )?access to ${kind} 'orders' in vhost '${vhost.name}' ` +
      `refused for user '${user}'`,
  );

test('a user with all permissions declares, sends and receives in the vhost of the settings', async ({
  addUser,
  start,
  vhost,
}) => {
  const anna = await addUser('anna', ALL);
  const consumer = start(CONSUMER, anna);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, anna, ['Two', 'soups']);
  expect(await producer.end()).toBe(0);
  const who = `as ${anna.AMQP_USER} in ${vhost.name}`;
  expect(producer.lines).toEqual([` [x] Sent 'Two soups' ${who}`]);
  await consumer.waitForLine(/Received/);
  expect(consumer.lines.at(-1)).toBe(` [x] Received 'Two soups' ${who}`);
  await vhost.declare('orders', true); // durable, or the broker would refuse
});

test('a wrong password is refused at the first door, the login', async ({ addUser, start }) => {
  const anna = await addUser('anna', ALL);
  const producer = start(PRODUCER, { ...anna, AMQP_PASSWORD: 'wrong' }, ['Soup']);
  expect(await producer.end()).toBe(1);
  expect(producer.lines).toEqual([
    expect.stringContaining('refused: ACCESS_REFUSED - Login was refused'),
  ]);
});

test('a user without permissions in a vhost is refused at its door', async ({
  addUser,
  start,
  vhost,
}) => {
  const bert = await addUser('bert');
  for (const program of [PRODUCER, CONSUMER]) {
    const started = start(program, bert);
    expect(await started.end()).toBe(1);
    const access = `access to vhost '${vhost.name}' refused for user '${bert.AMQP_USER}'`;
    expect(started.lines).toEqual([expect.stringContaining(`refused: NOT_ALLOWED - ${access}`)]);
  }
});

test('a user who may only write sends, and neither declares nor receives', async ({
  addUser,
  start,
  vhost,
}) => {
  await start(PRODUCER, {}, ['First']).end(); // guest declares
  const till = await addUser('till', WRITE);
  const sends = start(PRODUCER, till, ['check', 'Second']);
  expect(await sends.end()).toBe(0);
  expect(await vhost.queue('orders')).toEqual({ ready: 2, consumers: 0 });

  const declares = start(PRODUCER, till, ['Third']);
  expect(await declares.end()).toBe(1);
  const { AMQP_USER } = till;
  expect(declares.lines).toEqual([
    expect.stringMatching(refused('configure', 'exchange', AMQP_USER, vhost)),
  ]);

  const receives = start(CONSUMER, till, ['check']);
  expect(await receives.end()).toBe(1);
  expect(receives.lines).toEqual([
    expect.stringMatching(refused('read', 'queue', AMQP_USER, vhost)),
  ]);
});

test('a user who may only read receives, and does not send', async ({ addUser, start, vhost }) => {
  await start(PRODUCER, {}, ['First']).end();
  const cook = await addUser('cook', READ);
  const receives = start(CONSUMER, cook, ['check']);
  await receives.waitForLine(/Received 'First' as cook/);

  const sends = start(PRODUCER, cook, ['check', 'Second']);
  expect(await sends.end()).toBe(1);
  expect(sends.lines.at(-1)).toMatch(/Refused 'Second'/);
  expect(sends.lines.at(-1)).toMatch(refused('write', 'exchange', cook.AMQP_USER, vhost));
  expect(sends.all(/Sent/)).toEqual([]);
});

test('a consumer given a word that it does not know says how it is used', async ({ misuse }) => {
  expect(await misuse(CONSUMER, ['passive'])).toEqual([expect.stringMatching(/^Usage: \[check\]/)]);
});
