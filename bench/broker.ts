/** The broker of the measurements: its queues are made, filled and removed here. */
import { connect } from 'amqplib';
import { readSettings } from '../broker/client/config.ts';
import { Connection } from '../broker/client/connection.ts';
import { open } from './clients/lab.ts';
import type { Measurement, Task } from './measurement.ts';
import { publish } from './workloads.ts';

export interface Broker {
  host: string;
  /** As it says itself: "RabbitMQ 3.13.7 on Erlang/OTP 26.2.5". */
  version: string;
  declare(queue: string, type: Measurement['queueType']): Promise<unknown>;
  /** Publishes what is to be consumed. */
  fill(task: Task, count: number): Promise<void>;
  delete(queue: string): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Waits until the broker is there. */
export async function openBroker(host: string): Promise<Broker> {
  const connection = new Connection(readSettings({ AMQP_HOST: host }).brokers);
  const channel = await connection.createChannel();
  const publisher = await open(host);
  return {
    host,
    version: await askVersion(host),
    // Durable, since RabbitMQ 4.3 knows no other shared queues; the messages may be transient.
    declare: (queue, type) =>
      channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': type } }),
    fill: (task, count) =>
      publish(publisher, { ...task, window: Math.min(1000, 2 ** 23 / task.size) }, count),
    delete: (queue) => channel.deleteQueue(queue),
    close: () => Promise.all([connection.close(), publisher.close()]),
  };
}

async function askVersion(host: string): Promise<string> {
  const model = await connect({ hostname: host });
  await model.close();
  const { product, version, platform } = model.connection.serverProperties;
  return `${product} ${version} on ${platform}`;
}
