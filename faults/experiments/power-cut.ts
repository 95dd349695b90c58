import { setTimeout as pause } from 'node:timers/promises';
import { Disk } from '../disk.ts';
import type { Experiment } from '../experiment.ts';
import { brokerListens } from '../faults.ts';
import type { Lab } from '../lab.ts';

/** How long messages flow between the last sync and the cut, in milliseconds. */
const FLOW_MS = 8000;

let disk: Disk;
const volumes: string[] = [];

export default {
  title: 'power cut',
  what:
    'The broker goes on with a copy of its disk, without what the system had yet ' +
    `to write. Before that messages have flowed for ${FLOW_MS / 1000} s since the last sync.`,
  // From a quorum queue it takes nothing. On 3.10 from none that is persistent and classic either.
  takes: 'transient,unconfirmed,classic,stream,automatic,once',
  prepare: async (lab) => {
    disk = await Disk.format(lab, 'disk');
    volumes.push(disk.volume);
    await lab.replaceBroker(disk.volume);
  },
  fault: async (lab) => {
    await disk.detachLater();
    // The queues are there, and the first messages: the cut shall take none of the broker's own files.
    await lab.run('broker', 'sync', '-f', '/var/lib/rabbitmq');
    await pause(FLOW_MS);
    // From now on nobody hears of a confirm.
    await lab.pause('broker');
    const left = await disk.copy('left');
    volumes.push(left.volume);
    await lab.replaceBroker(left.volume);
    await lab.start('broker');
    await left.detachLater();
    await brokerListens();
  },
  cleanUp: removeAll,
} satisfies Experiment;

async function removeAll(lab: Lab): Promise<void> {
  await lab.removeBroker();
  for (const volume of volumes) await lab.removeVolume(volume);
}
