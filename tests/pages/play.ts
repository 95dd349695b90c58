/** Plays the steps of a page, each in its terminal, and tells what was printed. */
import { isRight, troubleOf } from './judge.ts';
import type { Step } from './parse.ts';
import { Session } from './session.ts';

/** What became of a step. */
export interface Played {
  step: Step;
  /** The lines that were printed; `^C` where CTRL+C was pressed. */
  printed: string[];
  /** The command's exit status; undefined while it runs. */
  status: number | undefined;
}

/** Where a page is played, and for how long at most. */
export interface Stage {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** For a read to show, and for a running command to print, what the page shows, in ms. */
  readMs: number;
  /** For any other command to end, in ms. */
  commandMs: number;
  /** Whether to stop at the first step that is not right, not only at one that is in trouble. */
  bail?: boolean;
}

/** Plays `steps` from first to last, and stops early at one that is in trouble. */
export async function play(steps: Step[], stage: Stage): Promise<Played[]> {
  const sessions = new Map<string, Session>();
  const played: Played[] = [];
  try {
    for (const step of steps) {
      const session = sessions.get(step.terminal) ?? new Session(stage);
      sessions.set(step.terminal, session);
      const result = await session.play(step);
      played.push(result);
      if (troubleOf(result) || (stage.bail && !isRight(result))) return played;
    }
    for (const session of sessions.values()) session.finish();
    return played;
  } finally {
    for (const session of sessions.values()) session.close();
  }
}
