import { setTimeout as pause } from 'node:timers/promises';
import { requireAlarm } from '../alarm.ts';
import type { Experiment } from '../experiment.ts';
import type { Lab } from '../lab.ts';

const setLimit = (lab: Lab, bytes: string) =>
  lab.run('broker', 'rabbitmqctl', '-q', 'set_disk_free_limit', bytes);

export default {
  title: 'disk alarm',
  what: 'The broker is to keep more of the disk free than there is, for 5 s: it takes no messages.',
  fault: async (lab) => {
    await setLimit(lab, '1000000GB');
    await pause(5000);
    await requireAlarm(lab, 'disk');
    await setLimit(lab, '200MB');
  },
} satisfies Experiment;
