/** Ways to break the lab itself that a page must notice. Pure. */

/** One of them. */
export interface LabBreak {
  /** In words. */
  what: string;
  /** The page that must fail then. */
  page: string;
  /** In this file `from`, which stands there once, becomes `to`. */
  file: string;
  from: string;
  to: string;
}

export const LAB_BREAKS: LabBreak[] = [
  {
    what: 'the producer says "Sent" and sends nothing',
    page: 'lessons/01-hello.md',
    file: 'producer/01-hello.ts',
    from: "  await channel.publish('', 'hello', Buffer.from('Hello World!'));\n",
    to: '',
  },
  {
    what: 'the consumer acknowledges nothing',
    page: 'lessons/02-work-queue.md',
    file: 'consumer/02-work-queue.ts',
    from: '  channel.ack(message);\n',
    to: '',
  },
  {
    what: 'no task is persistent',
    page: 'lessons/02-work-queue.md',
    file: 'producer/02-work-queue.ts',
    from: '{ persistent: true }',
    to: '{ persistent: false }',
  },
  {
    what: 'three nodes that are no cluster',
    page: 'lessons/17-cluster.md',
    file: 'broker/server/17-cluster/rabbitmq.conf',
    from:
      'cluster_formation.classic_config.nodes.1 = rabbit@broker\n' +
      'cluster_formation.classic_config.nodes.2 = rabbit@broker-2\n' +
      'cluster_formation.classic_config.nodes.3 = rabbit@broker-3\n',
    to: '',
  },
];
