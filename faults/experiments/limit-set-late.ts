import { setTimeout as pause } from 'node:timers/promises';
import type { Experiment } from '../experiment.ts';
import { rejectBeyond, takeAgain } from '../queue-limit.ts';

/** How many messages a queue may hold, once some hundred wait in it. */
const ROOM = 10;
const [BEFORE_MS, AFTER_MS] = [2000, 1000];

export default {
  title: 'limit set late',
  what:
    `While the consumer has paused for ${BEFORE_MS / 1000} s, the queues are told to hold no more than ` +
    `${ROOM} messages and to refuse further ones (\`reject-publish\`).`,
  // A classic queue reads `max-length` before `overflow`, also where both stand in one policy, and
  // drops what is too much already (rabbit_amqqueue_process.erl, `process_args_policy`).
  takes: 'classic,once',
  fault: async (lab) => {
    await lab.pause('consumer');
    await pause(BEFORE_MS);
    await rejectBeyond(lab, ROOM);
    await pause(AFTER_MS);
    await lab.unpause('consumer');
    await takeAgain(lab);
  },
} satisfies Experiment;
