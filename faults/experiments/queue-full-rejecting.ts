import { setTimeout as pause } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';
import { HURRY, setMark } from '../marks.ts';
import { nearlyEmpty, rejectBeyond, takeAgain } from '../queue-limit.ts';

/** How many messages a queue may hold. */
const ROOM = 100;
/** For how long nobody takes one out, in milliseconds: some hundred more than that would come in. */
const FULL_MS = 4000;

export default {
  title: 'queue full, rejecting',
  what: `The consumer pauses for ${FULL_MS / 1000} s, and a queue that holds ${ROOM} messages refuses further ones (\`reject-publish\`).`,
  fault: async (lab) => {
    // The limit shall be there before the messages: see limit-set-late.ts.
    setMark(HURRY);
    await nearlyEmpty(ROOM / 2);
    await rejectBeyond(lab, ROOM);
    await lab.pause('consumer');
    await pause(FULL_MS);
    await lab.unpause('consumer');
    await takeAgain(lab);
  },
} satisfies Experiment;
