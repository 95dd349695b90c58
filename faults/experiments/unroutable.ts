import { setTimeout as pause } from 'node:timers/promises';
import { readSettings } from '../../broker/client/config.ts';
import { Connection } from '../../broker/client/connection.ts';
import type { Experiment } from '../experiment.ts';
import { EXCHANGE, ROWS } from '../rows.ts';

export default {
  title: 'unroutable',
  what: 'For a second the exchange has no bindings: no queue takes what is published.',
  fault: async () => {
    const connection = new Connection(readSettings({ AMQP_HOST: 'broker' }).brokers);
    const channel = await connection.createChannel();
    for (const { name } of ROWS) await channel.unbindQueue(name, EXCHANGE, name);
    await pause(1000);
    for (const { name } of ROWS) await channel.bindQueue(name, EXCHANGE, name);
    await connection.close();
  },
} satisfies Experiment;
