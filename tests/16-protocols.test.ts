/** Lesson 16-protocols: one message in by one protocol, and out by all of them. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, vi } from 'vitest';
import type { BrokerAddress } from '../broker/client/config.ts';
import { test } from './lab.ts';

const PRODUCER = 'producer/16-protocols.ts';
const CONSUMER = 'consumer/16-protocols.ts';

/** What the consumer says of a reading of a sensor: in the terms of each protocol. */
const everyWayOut = (sensor: string, reading: string) => [
  ` [x] Received '${reading}' from /topic/sensors.${sensor} by STOMP in a WebSocket`,
  ` [x] Received '${reading}' from sensors.${sensor} by AMQP`,
  ` [x] Received '${reading}' from sensors/${sensor} by MQTT in a WebSocket`,
];

test('a reading that comes in by MQTT goes out by AMQP and over both WebSockets', async ({
  start,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, {}, ['mqtt', '21.5']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([" [x] Sent '21.5' to sensors/kitchen by MQTT"]);
  await consumer.waitForLine(/Received/, 3);
  expect(consumer.all(/Received/).toSorted()).toEqual(everyWayOut('kitchen', '21.5'));
});

test('a reading that comes in by STOMP goes out by AMQP and over both WebSockets', async ({
  start,
}) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const producer = start(PRODUCER, {}, ['stomp', '-3.5 °C']);
  expect(await producer.end()).toBe(0);
  expect(producer.lines).toEqual([" [x] Sent '-3.5 °C' to /topic/sensors.garden by STOMP"]);
  await consumer.waitForLine(/Received/, 3);
  expect(consumer.all(/Received/).toSorted()).toEqual(everyWayOut('garden', '-3.5 °C'));
  expect(await consumer.stop()).toBe(0);
});

test('a reading that comes in by AMQP goes out over both WebSockets', async ({ start, vhost }) => {
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  const channel = await (await vhost.client()).createConfirmChannel();
  channel.publish('amq.topic', 'sensors.cellar.left', Buffer.from('12.0'));
  await consumer.waitForLine(/Received/, 3);
  const lines = everyWayOut('cellar.left', '12.0');
  lines[2] = " [x] Received '12.0' from sensors/cellar/left by MQTT in a WebSocket";
  expect(consumer.all(/Received/).toSorted()).toEqual(lines);
});

test('while the reader is away only the queue with a name keeps a reading', async ({
  start,
  vhost,
}) => {
  await start(PRODUCER, { PUBLISH_COUNT: '2', PUBLISH_INTERVAL_MS: '0' }).end();
  expect((await vhost.queue('readings')).ready).toBe(2);
  const consumer = start(CONSUMER);
  await consumer.waitForLine(/Waiting/);
  await start(PRODUCER, {}, ['stomp', 'the end']).end();
  await consumer.waitForLine(/'the end' .* AMQP/);
  await consumer.waitForLine(/'the end' .* STOMP/);
  await consumer.waitForLine(/'the end' .* MQTT/);
  expect(consumer.all(/Received '(?!the end)/)).toEqual([
    " [x] Received '20.0' from sensors.kitchen by AMQP",
    " [x] Received '10.0' from sensors.garden by AMQP",
  ]);
});

/** A way to ports of the broker, at the same ports of another address: tells what a client says. */
async function relay(
  { hostname }: BrokerAddress,
  ports: number[],
  address: string,
  onTestFinished: (end: () => void) => void,
) {
  const said = new Map<number, Buffer>();
  for (const port of ports) {
    const server = createServer((client) => {
      const broker = connect({ host: hostname, port });
      for (const socket of [client, broker]) {
        socket.on('error', () => {});
        onTestFinished(() => void socket.destroy());
      }
      client.on('data', (chunk) => {
        // A WebSocket is asked not to compress, so that it can be read here.
        const asked = chunk.toString('latin1').replace('permessage-deflate', 'none');
        const plain = Buffer.from(asked, 'latin1');
        said.set(port, Buffer.concat([said.get(port) ?? Buffer.alloc(0), plain]));
        broker.write(plain);
      });
      client.on('end', () => broker.end());
      broker.pipe(client);
    });
    onTestFinished(() => void server.close());
    await once(server.listen(port, address), 'listening');
  }
  return (port: number) => said.get(port) ?? Buffer.alloc(0);
}

/** What a client has said in its WebSocket. Source: RFC 6455, section 5.2. */
function unmask(said: Buffer): string {
  const words: string[] = [];
  let rest = said.subarray(said.indexOf('\r\n\r\n') + 4);
  while (rest.length >= 6) {
    const short = (rest[1] ?? 0) & 0x7f;
    const [head, size] = short === 126 ? [4, rest.readUInt16BE(2)] : [2, short];
    const mask = rest.subarray(head, head + 4);
    const masked = rest.subarray(head + 4, head + 4 + size);
    const plain = Buffer.from(masked.map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
    words.push(plain.toString('latin1'));
    rest = rest.subarray(head + 4 + size);
  }
  return words.join('');
}

/** How MQTT and STOMP say that a client goes in order. */
const MQTT_DISCONNECT = '\xe0\x00';
const STOMP_DISCONNECT = 'DISCONNECT\nreceipt:';

test('a reader that is stopped says goodbye in each of its protocols', async ({
  onTestFinished,
  start,
  vhost,
}) => {
  const { address } = vhost;
  const ports = [address.port, 15674, 15675];
  const said = await relay(address, ports, '127.0.0.16', onTestFinished);
  const consumer = start(CONSUMER, { AMQP_HOST: '127.0.0.16' });
  await consumer.waitForLine(/Waiting/);
  expect(await consumer.stop()).toBe(0);
  const look = () => {
    expect(unmask(said(15674))).toContain(STOMP_DISCONNECT);
    expect(unmask(said(15675))).toContain(MQTT_DISCONNECT);
  };
  await vi.waitFor(look, 5000);
});

test('sensors that are stopped between two readings say goodbye by MQTT', async ({
  onTestFinished,
  start,
  vhost,
}) => {
  const { address } = vhost;
  const ports = [address.port, 1883];
  const said = await relay(address, ports, '127.0.0.17', onTestFinished);
  const settings = { AMQP_HOST: '127.0.0.17', PUBLISH_INTERVAL_MS: '60000' };
  const producer = start(PRODUCER, settings);
  await producer.waitForLine(/by MQTT/);
  expect(await producer.stop()).toBe(0);
  const goodbye = () => said(1883).subarray(-2).toString('latin1');
  await vi.waitFor(() => expect(goodbye()).toBe(MQTT_DISCONNECT), 5000);
});

test('unusable words end the producer with its usage, status 2', async ({ misuse }) => {
  for (const words of [['amqp', '1'], ['mqtt']]) {
    expect(await misuse(PRODUCER, words)).toEqual([
      expect.stringMatching(/^Usage: \[mqtt\|stomp READING\]/),
    ]);
  }
});

/** The rows of the page's table of ports: the number, and what is there. */
const PAGE = readFileSync(new URL('../lessons/16-protocols.md', import.meta.url), 'utf8');
const PORTS = [...PAGE.matchAll(/^\| (\d+) \| ([^|]+) \|/gm)].map(
  ([, port, what = '']) => [Number(port), what] as const,
);

test('the page lists the ports of the notes', () => {
  expect(PORTS.map(([port]) => port).toSorted((a, b) => a - b)).toEqual([
    1883, 4369, 5552, 5671, 5672, 8883, 15672, 15674, 15675, 15692, 25672, 61613, 61614,
  ]);
});

test.for(PORTS)('port %d is open: %s', async ([port, what], { vhost }) => {
  const host = vhost.address.hostname;
  // The name in the certificate is compared too: an error would reject here.
  const ca = readFileSync('/certificates/ca.pem');
  const [socket, event] = what.includes('TLS')
    ? [connectTls({ host, port, ca }), 'secureConnect']
    : [connect({ host, port }), 'connect'];
  await once(socket, event);
  socket.destroy();
});
