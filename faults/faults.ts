/** How each fault is done to the lab, and undone. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Lab, Service } from './lab.ts';
import type { PlannedFault } from './schedule.ts';

/** How long a broker may take to open its port, in milliseconds. */
const PORT_DEADLINE_MS = 120_000;

/**
 * Does a fault, lets it last, and undoes it. A broker that ended is back when its port is open.
 *
 * @param whenEnded what is done as soon as the service has ended, if it ends
 */
export async function doFault(
  lab: Lab,
  { kind, lastsMs }: Omit<PlannedFault, 'calmMs'>,
  whenEnded = async () => {},
): Promise<void> {
  const space = kind.indexOf(' ');
  const what = kind.slice(space + 1) as keyof typeof FAULTS;
  await FAULTS[what](lab, kind.slice(0, space) as Service, lastsMs, whenEnded);
}

type WhenEnded = () => Promise<void>;

const FAULTS = {
  killed: async (lab: Lab, service: Service, lastsMs: number, whenEnded: WhenEnded) => {
    await lab.kill(service);
    await whenEnded();
    await startAgain(lab, service, lastsMs);
  },
  stopped: async (lab: Lab, service: Service, lastsMs: number, whenEnded: WhenEnded) => {
    const { status } = await lab.stop(service);
    if (status !== '0') throw new Error(`The ${service} did not stop in order: status ${status}.`);
    await whenEnded();
    await startAgain(lab, service, lastsMs);
  },
  paused: async (lab: Lab, service: Service, lastsMs: number) => {
    await lab.pause(service);
    await pause(lastsMs);
    await lab.unpause(service);
  },
  'cut off': async (lab: Lab, service: Service, lastsMs: number) => {
    await lab.disconnect(service);
    await pause(lastsMs);
    await lab.connect(service);
  },
  closed: async (lab: Lab) => {
    await lab.run('broker', 'rabbitmqctl', '-q', 'close_all_connections', 'a fault');
  },
};

async function startAgain(lab: Lab, service: Service, afterMs: number): Promise<void> {
  await pause(afterMs);
  await lab.start(service);
  if (service === 'broker') await brokerListens();
}

/** Resolves when a node's port is open: it opens it last, when all else is ready. */
export async function brokerListens(host = 'broker'): Promise<void> {
  const deadline = AbortSignal.timeout(PORT_DEADLINE_MS);
  while (!(await isOpen(host))) {
    deadline.throwIfAborted();
    await pause(25);
  }
}

function isOpen(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 5672, timeout: 1000 });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', () => answer(true));
    socket.on('timeout', () => answer(false));
    socket.on('error', () => answer(false));
  });
}
