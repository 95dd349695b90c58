/** Whether a step went as the page shows it. Pure. */
import { matches } from './match.ts';
import { CTRL_C } from './parse.ts';
import type { Played } from './play.ts';

/** What bash reports for a program that CTRL+C ended. */
const BY_SIGINT = 130;

/** Whether a step went as the page shows it. */
export function isRight(played: Played): boolean {
  return troubleOf(played) === undefined && matches(played.step.shown, played.printed);
}

/** Why the page can't go on after this step, whatever it printed. */
export function troubleOf({ step, printed, status }: Played): string | undefined {
  const pressed = count(printed);
  if (pressed < count(step.output)) return 'it had ended before CTRL+C';
  if (step.leftRunning) {
    if (!step.last || status === undefined) return undefined;
    return `the page leaves it running, and it had ended with status ${status}`;
  }
  if (status === undefined) return 'it had not ended in time';
  if (status === 0 || step.statusShown || (pressed > 0 && status === BY_SIGINT)) return undefined;
  return `exit status ${status}, and no \`$ echo $?\` after it that shows it`;
}

function count(lines: string[]): number {
  return lines.filter((line) => line === CTRL_C).length;
}
