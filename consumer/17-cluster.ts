// 17-cluster, the receiving side: keeps a ledger of what was confirmed and what came.
import type { ConsumeMessage } from 'amqplib';
import { connect } from '../broker/client/connect.ts';
import { declare, QUEUE } from '../broker/topology/17-cluster.ts';

// The ledger of one run of the producer. It begins with the first order that this program receives.
let run: unknown;
let first = 0;
let confirmed = 0;
let duplicated = 0;
const received = new Set<number>();
const lost = new Set<number>();

const connection = await connect();
const channel = await connection.createChannel();
await declare(channel);
await channel.prefetch(50);
await channel.consume(QUEUE, (message) => {
  enter(message);
  // What is not acknowledged when a node dies is delivered again by another one.
  channel.ack(message);
});
console.log(' [*] Waiting for messages. To exit press CTRL+C');

function enter({ content, properties }: ConsumeMessage): void {
  const headers = properties.headers ?? {};
  const number = Number(/^Order (\d+)$/.exec(content.toString())?.[1] ?? 0);
  if (headers['run-id'] !== run) begin(headers['run-id'], number);

  // Each message says how many orders were confirmed before it was sent. What has not come by now
  // is entered as lost. It may still come, delivered again from the hands of a node that died.
  if (headers['confirmed-so-far'] > confirmed) {
    const before = Math.max(confirmed, first - 1);
    confirmed = headers['confirmed-so-far'];
    for (let due = before + 1; due <= confirmed; due++) if (!received.has(due)) lost.add(due);
    printLedger();
  }

  // Received twice is no harm if the receiver can tell: by the order's number here, by the
  // `messageId` elsewhere.
  if (!number || number < first) return;
  if (received.has(number)) duplicated++;
  received.add(number);
  if (lost.delete(number) && lost.size === 0) printLedger();
}

function begin(newRun: unknown, number: number): void {
  run = newRun;
  first = number;
  confirmed = 0;
  duplicated = 0;
  received.clear();
  lost.clear();
}

function printLedger(): void {
  const due = Math.max(0, confirmed - Math.max(first, 1) + 1);
  console.log(
    ` [x] Ledger: ${due} confirmed, ${received.size} received, ` +
      `${lost.size} lost, ${duplicated} duplicated`,
  );
}
