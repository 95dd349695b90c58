/** More messages than a lesson has: so many a second, and when each was sent and drawn. */
import type { Channel } from 'amqplib';
import { expect } from 'vitest';
import { until, type Vhost } from './broker.ts';
import type { Look } from './lab.ts';

/** Publishes until it is stopped. The message `m7` is the one that was sent at `sentAt[7]`. */
export class Flood {
  readonly sentAt: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(channel: Channel, queue: string, perSecond: number) {
    const began = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - began) / 1000) * perSecond;
      while (this.sentAt.length < due) {
        const messageId = `m${this.sentAt.length}`;
        channel.sendToQueue(queue, Buffer.alloc(100), { messageId });
        this.sentAt.push(Date.now());
      }
    }, 10);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** When each message was sent, and how many milliseconds later it was drawn. */
  async lagsIn(look: Look): Promise<{ sentAt: number; lag: number }[]> {
    const drawn = await look.dots('publish');
    return drawn.flatMap(({ msg, at }) => {
      const sentAt = this.sentAt[Number(msg?.slice(1))];
      return sentAt === undefined ? [] : [{ sentAt, lag: at - sentAt }];
    });
  }
}

/** Lesson 01's consumer, and a channel of its producer. */
export async function helloIn(vhost: Vhost): Promise<Channel> {
  const channel = await (await vhost.program('consumer/01-hello')).createChannel();
  await channel.assertQueue('hello', { durable: false });
  await channel.consume('hello', () => {}, { noAck: true });
  return (await vhost.program('producer/01-hello')).createChannel();
}

/** The first message brings the producer into the picture; all that follow find their way there. */
export async function sendFirst(channel: Channel, look: Look): Promise<void> {
  await look.shows('hello', '01-hello');
  channel.sendToQueue('hello', Buffer.from('the first'), { messageId: 'the first' });
  await look.shows('default exchange');
  await until(async () => expect(await look.count('deliver')).toBe(1));
}
