/** What a channel has declared is declared again after a loss, and what it has removed is not. */
import { once } from 'node:events';
import type { ConsumeMessage } from 'amqplib';
import { expect } from 'vitest';
import { callApi, type Vhost } from './broker.ts';
import { test } from './lab.ts';

test('after a loss exchanges and bindings are back, except those that were removed', async ({
  open,
  vhost,
}) => {
  const channel = await open().createChannel();
  for (const name of ['source', 'kept', 'unbound', 'deleted']) {
    await channel.assertExchange(name, 'fanout', { durable: false });
  }
  await channel.assertQueue('queue', { durable: false });
  for (const name of ['kept', 'unbound', 'deleted']) {
    await channel.bindExchange(name, 'source', '');
    await channel.bindQueue('queue', name, '');
  }
  await channel.unbindExchange('unbound', 'source', '');
  await channel.unbindQueue('queue', 'unbound', '');
  await channel.deleteExchange('deleted');
  // Somebody else takes away one that the program has not given up.
  const other = await (await vhost.client()).createChannel();
  await other.deleteExchange('kept');
  expect(await bindings(vhost)).toEqual([]);

  const lost = once(channel, 'lost');
  channel.nack({ fields: { deliveryTag: 99 } } as ConsumeMessage); // 406: no such delivery
  await lost;
  await channel.checkQueue('queue'); // on the next channel, when all has been declared again
  expect(await bindings(vhost)).toEqual(['kept to queue', 'source to kept']);
  await expect(channel.checkExchange('deleted')).rejects.toMatchObject({ code: 404 });
});

/** Except those of the default exchange. */
async function bindings({ name }: Vhost): Promise<string[]> {
  const all = await callApi('GET', `/api/bindings/${encodeURIComponent(name)}`);
  return (all as { source: string; destination: string }[])
    .filter(({ source }) => source !== '')
    .map(({ source, destination }) => `${source} to ${destination}`)
    .sort();
}
