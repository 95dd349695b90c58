/** One terminal of a page while the page is played: runs a step's command and collects its lines. */
import { setTimeout as pause } from 'node:timers/promises';
import { isRight } from './judge.ts';
import { appeared, toLines } from './match.ts';
import { CTRL_C, type Step } from './parse.ts';
import type { Played, Stage } from './play.ts';
import { isProgress, withoutStatus } from './progress.ts';
import { isRead } from './reads.ts';
import type { Shown } from './shown.ts';
import { Terminal } from './terminal.ts';

/** How long to wait before a read is tried again, in milliseconds. */
const RETRY_MS = 250;

/** A terminal, and how much of its command's output the page has shown so far. */
export class Session {
  readonly #stage: Stage;
  readonly #terminal: Terminal;
  #seen = 0;
  #interrupted = false;
  #command = '';
  #last: Played | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#terminal = new Terminal(stage.cwd, stage.env);
  }

  close(): void {
    this.#terminal.close();
  }

  async play(step: Step): Promise<Played> {
    const { command, output, leftRunning } = step;
    const again =
      command !== undefined && isRead(command) && !leftRunning && !output.includes(CTRL_C);
    const giveUp = Date.now() + this.#stage.readMs;
    for (;;) {
      if (command !== undefined) this.#start(command);
      this.#last = await this.#watch(step, again ? this.#stage.readMs : this.#stage.commandMs);
      if (isRight(this.#last) || !again || Date.now() >= giveUp) return this.#last;
      await pause(RETRY_MS);
    }
  }

  /** At the page's end: what has become of a command that was left running. */
  finish(): void {
    if (!this.#last?.step.leftRunning) return;
    this.#last.printed.push(...this.#take());
    this.#last.status = this.#terminal.status;
  }

  #start(command: string): void {
    this.#terminal.run(command);
    this.#command = command;
    this.#seen = 0;
    this.#interrupted = false;
  }

  async #watch(step: Step, endMs: number): Promise<Played> {
    const printed: string[] = [];
    const parts = splitAtCtrlC(step.shown);
    const last = parts.pop() ?? [];
    for (const shown of parts) {
      printed.push(...(await this.#untilShown(shown)));
      if (this.#ended) return this.#played(step, printed);
      printed.push(CTRL_C);
      this.#interrupted = true;
      this.#terminal.interrupt();
    }
    if (step.leftRunning) {
      printed.push(...(await this.#untilShown(last)));
      return this.#played(step, printed);
    }
    const ms = this.#interrupted ? this.#stage.readMs : endMs;
    await this.#terminal.waitUntil(() => this.#ended, ms);
    printed.push(...this.#take());
    return this.#played(step, printed);
  }

  #played(step: Step, printed: string[]): Played {
    return { step, printed, status: this.#terminal.status };
  }

  /** What was printed since the page last looked, as soon as all of `shown` is there. */
  async #untilShown(shown: Shown[]): Promise<string[]> {
    const count = () => appeared(shown, this.#lines().slice(this.#seen));
    const done = () => this.#ended || count() !== undefined;
    await this.#terminal.waitUntil(done, this.#stage.readMs);
    return this.#take(count());
  }

  #take(count = Number.POSITIVE_INFINITY): string[] {
    const lines = this.#lines().slice(this.#seen, this.#seen + count);
    this.#seen += lines.length;
    return lines;
  }

  /** All lines of the command that are of interest; while it runs only those that are complete. */
  #lines(): string[] {
    const { output, status = 0 } = this.#terminal;
    const lines = toLines(this.#ended ? output : output.slice(0, output.lastIndexOf('\n') + 1));
    // When SIGINT ended it, bash ends the line of the `^C`. In a page that line has an end already.
    if (this.#interrupted && status === 130 && lines.at(-1) === '') lines.pop();
    const own = lines.filter((line) => !isProgress(line));
    return withoutStatus(own, this.#command, status);
  }

  get #ended(): boolean {
    return this.#terminal.status !== undefined;
  }
}

function splitAtCtrlC(shown: Shown[]): Shown[][] {
  const parts: Shown[][] = [[]];
  for (const line of shown) {
    if (line.text === CTRL_C) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}
