/** Ways to break the lab itself that pages must notice. Pure. */
import { createHash } from 'node:crypto';

/** One of them. */
export interface LabBreak {
  /** In words. */
  what: string;
  /** In this file `from`, which stands there once, becomes `to`. */
  file: string;
  from: string;
  to: string;
  /** The lessons whose pages must fail then. */
  lessons: string[];
}

/** What the programs of all lessons publish, consume and acknowledge with. */
const CHANNEL = 'broker/client/channel.ts';
const SEND = 'publisher.publish(exchange, routingKey, content, options)';

export const LAB_BREAKS: LabBreak[] = [
  {
    what: 'the producer says "Sent" and sends nothing',
    file: CHANNEL,
    from: `this.#recovery.${SEND}`,
    to: 'Promise.resolve()',
    lessons: [
      ...['01-hello', '02-work-queue', '03-publish-subscribe', '04-routing', '05-topics'],
      ...['06-headers', '07-request-reply', '08-publisher-confirms', '09-pull', '10-message-life'],
      ...['11-dead-letter', '12-quorum-queue', '13-stream', '14-users-and-vhosts', '15-tls'],
      '17-cluster',
    ],
  },
  {
    what: 'the kitchen says "Sent" and sends nothing',
    file: 'producer/16-protocols.ts',
    from: "  await mqtt.publishAsync('sensors/kitchen', reading, { qos: 1 });\n",
    to: '',
    lessons: ['16-protocols'],
  },
  {
    what: 'each message is sent twice',
    file: CHANNEL,
    from: `this.#recovery.${SEND}`,
    to: `(void this.#recovery.${SEND}, this.#recovery.${SEND})`,
    lessons: ['02-work-queue', '09-pull', '10-message-life', '13-stream', '17-cluster'],
  },
  {
    what: 'the consumer acknowledges nothing',
    file: CHANNEL,
    from: '(amqp) => amqp.ack(message, allUpTo)',
    to: '() => {}',
    lessons: [
      ...['02-work-queue', '07-request-reply', '08-publisher-confirms', '09-pull'],
      ...['10-message-life', '11-dead-letter', '12-quorum-queue', '13-stream', '17-cluster'],
    ],
  },
  {
    what: 'no message is persistent',
    file: CHANNEL,
    from: SEND,
    to: 'publisher.publish(exchange, routingKey, content, { ...options, persistent: false })',
    lessons: ['02-work-queue', '10-message-life', '12-quorum-queue'],
  },
  {
    what: 'no queue is durable',
    file: CHANNEL,
    from: '(amqp) => amqp.assertQueue(queue, options)',
    to: '(amqp) => amqp.assertQueue(queue, { ...options, durable: false })',
    lessons: ['02-work-queue', '09-pull', '11-dead-letter'],
  },
  {
    what: 'no routing key is what the program says',
    file: CHANNEL,
    from: SEND,
    to: "publisher.publish(exchange, exchange ? 'other' : routingKey, content, options)",
    lessons: ['04-routing', '05-topics', '10-message-life'],
  },
  {
    what: 'no message is mandatory',
    file: CHANNEL,
    from: SEND,
    to: 'publisher.publish(exchange, routingKey, content, { ...options, mandatory: false })',
    lessons: ['08-publisher-confirms'],
  },
  {
    what: 'the prefetch is not set',
    file: CHANNEL,
    from: 'amqp.prefetch(count, global)',
    to: 'amqp.prefetch(0, global)',
    lessons: ['02-work-queue', '13-stream'],
  },
  {
    what: 'after a loss nothing is consumed again',
    file: 'broker/client/recovery.ts',
    from: 'await this.consuming.resubscribe(consumer, channel);',
    to: 'continue;',
    lessons: ['01-hello', '17-cluster'],
  },
  {
    what: 'the programs connect without TLS',
    file: 'broker/server/15-tls/compose.yml',
    from: 'AMQP_TLS:-true',
    to: 'AMQP_TLS:-false',
    lessons: ['15-tls'],
  },
  {
    what: 'one node instead of a cluster of three',
    file: 'broker/server/17-cluster/rabbitmq.conf',
    from:
      'cluster_formation.classic_config.nodes.1 = rabbit@broker\n' +
      'cluster_formation.classic_config.nodes.2 = rabbit@broker-2\n' +
      'cluster_formation.classic_config.nodes.3 = rabbit@broker-3\n',
    to: '',
    lessons: ['17-cluster'],
  },
  {
    what: 'one copy of the queue instead of three',
    file: 'broker/topology/17-cluster.ts',
    from: "'x-quorum-initial-group-size': 3",
    to: "'x-quorum-initial-group-size': 1",
    lessons: ['17-cluster'],
  },
];

/** A break, and the lesson whose page is played with it. */
export interface Trial {
  labBreak: LabBreak;
  lesson: string;
}

/**
 * All trials, or those of `lessons`, in an order that depends on the seed alone: whoever has time for
 * some of them gets others each time.
 */
export function planTrials(lessons: string[], seed: string): Trial[] {
  const all = LAB_BREAKS.flatMap((labBreak) => {
    return labBreak.lessons.map((lesson) => ({ labBreak, lesson }));
  });
  const asked = all.filter(({ lesson }) => lessons.length === 0 || lessons.includes(lesson));
  const key = ({ labBreak, lesson }: Trial) => {
    return createHash('sha256').update(`${seed} ${lesson} ${labBreak.what}`).digest('hex');
  };
  return asked.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
