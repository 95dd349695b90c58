import type { IStompSocket } from '@stomp/stompjs';
import type { LabChannel } from '../channel.ts';
import { TcpWebSocket } from '../tcp-web-socket.ts';

/** The exchange to which MQTT and STOMP publish. It is in every vhost, declared by the broker. */
export const EXCHANGE = 'amq.topic';

/** The queue of the reader that speaks AMQP, and what it asks for: any sensor. */
export const QUEUE = 'readings';
export const PATTERN = 'sensors.#';

/** Where the broker listens. Each number is the usual one. */
export const MQTT_PORT = 1883;
export const STOMP_PORT = 61613;
export const WEB_STOMP_PORT = 15674;
export const WEB_MQTT_PORT = 15675;

/**
 * What both sides assert: the queue that keeps the readings while its reader is away. In pika:
 * `queue_declare('readings', durable=True)`, `queue_bind('readings', 'amq.topic', 'sensors.#')`.
 */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertQueue(QUEUE, { durable: true });
  await channel.bindQueue(QUEUE, EXCHANGE, PATTERN);
}

/** A plain TCP connection to the STOMP port; stompjs by itself opens WebSockets only. */
export function openStompSocket(host: string): IStompSocket {
  return new TcpWebSocket(host, STOMP_PORT);
}
