import { setTimeout as pause } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';
import { clearMark, isMarked, POISON, setMark, tastedBy } from '../marks.ts';
import { ROWS } from '../rows.ts';

export default {
  title: 'poison message',
  what:
    'For 5 s the work on one message of each queue fails whenever it comes, and it is given back. A stream takes ' +
    'nothing back: there it is acknowledged.',
  // RabbitMQ 4.0 to 4.2 drop it after 20 attempts; a stream's reader goes on without it.
  takes: 'quorum,stream',
  fault: async () => {
    setMark(POISON);
    await pause(5000);
    const unharmed = ROWS.find(({ name }) => !isMarked(tastedBy(name)));
    if (unharmed) throw new Error(`No message of "${unharmed.title}" was poison.`);
    clearMark(POISON);
  },
} satisfies Experiment;
