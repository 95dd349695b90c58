/** What the commands of a page printed, kept in a file, so that the page can be compared without them. Pure. */
import { troubleOf } from './judge.ts';
import type { Step } from './parse.ts';
import type { Played } from './play.ts';

/** A step as it is kept. */
export interface Recorded {
  terminal: string;
  /** Null where the block goes on with the output of the command that still runs. */
  command: string | null;
  printed: string[];
  /** Null while it runs. */
  status: number | null;
}

/** A record that is not of this page's commands. */
export class RecordError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** What is kept of a page that was played. */
export function toRecord(played: Played[]): Recorded[] {
  return played.map(({ step: { terminal, command = null }, printed, status = null }) => {
    return { terminal, command, printed, status };
  });
}

/**
 * The steps of a page as if they had been played now. The page's text and output may be others than
 * those of the page that was recorded, but not its commands.
 *
 * @throws {@link RecordError} naming the line of the first command that was not recorded
 */
export function fromRecord(steps: Step[], record: Recorded[]): Played[] {
  const played: Played[] = [];
  for (const [i, step] of steps.entries()) {
    const recorded = record[i];
    if (recorded?.terminal !== step.terminal || recorded.command !== (step.command ?? null)) {
      throw new RecordError(step.line, `recorded here: ${recorded?.command ?? 'nothing'}`);
    }
    const result = { step, printed: recorded.printed, status: recorded.status ?? undefined };
    played.push(result);
    if (troubleOf(result)) break;
  }
  return played;
}
