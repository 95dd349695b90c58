import { setTimeout as pause } from 'node:timers/promises';
import { requireAlarm } from '../alarm.ts';
import type { Experiment } from '../experiment.ts';
import type { Lab } from '../lab.ts';

const setLimit = (lab: Lab, bytes: string) =>
  lab.run('broker', 'rabbitmqctl', '-q', 'set_vm_memory_high_watermark', 'absolute', bytes);

export default {
  title: 'memory alarm',
  what: 'The broker may use no more than 1 MB of memory for 5 s: it takes no messages.',
  fault: async (lab) => {
    await setLimit(lab, '1MB');
    await pause(5000);
    await requireAlarm(lab, 'memory');
    await setLimit(lab, '512MiB');
  },
} satisfies Experiment;
