/** Whether an alarm was really there: a limit that nobody reaches would prove nothing. */
import type { Lab } from './lab.ts';

/** @throws when the broker has no alarm for this resource */
export async function requireAlarm(lab: Lab, resource: 'memory' | 'disk'): Promise<void> {
  const alarms = await lab.run('broker', 'rabbitmqctl', 'eval', 'rabbit_alarm:get_alarms().');
  if (!alarms.includes(`{resource_limit,${resource},`))
    throw new Error(`The broker has no alarm for its ${resource}: ${alarms}`);
}
