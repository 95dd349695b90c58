/** One terminal of a page while the page is played: runs a step's command and collects its lines. */
import { setTimeout as pause } from 'node:timers/promises';
import { appeared, matches, toLines } from './match.ts';
import { CTRL_C, type Step } from './parse.ts';
import type { Played, Stage } from './play.ts';
import { isRead } from './reads.ts';
import { Terminal } from './terminal.ts';

/** How long to wait before a read is tried again, in milliseconds. */
const RETRY_MS = 250;

/** A terminal, and how much of its command's output the page has shown so far. */
export class Session {
  readonly #stage: Stage;
  readonly #terminal: Terminal;
  #seen = 0;
  #interrupted = false;
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
      const right = !this.#last.trouble && matches(output, this.#last.printed);
      if (right || !again || Date.now() >= giveUp) return this.#last;
      await pause(RETRY_MS);
    }
  }

  /** At the page's end: what a command that was left running has printed in the meantime. */
  finish(): void {
    if (!this.#last?.step.leftRunning) return;
    this.#last.printed.push(...this.#take());
    this.#last.trouble = this.#badStatus(this.#last.step);
  }

  #start(command: string): void {
    this.#terminal.run(command);
    this.#seen = 0;
    this.#interrupted = false;
  }

  async #watch(step: Step, endMs: number): Promise<Played> {
    const printed: string[] = [];
    const parts = splitAtCtrlC(step.output);
    const last = parts.pop() ?? [];
    for (const shown of parts) {
      printed.push(...(await this.#untilShown(shown)), CTRL_C);
      if (this.#ended) return { step, printed, trouble: 'it had ended before CTRL+C' };
      this.#interrupted = true;
      this.#terminal.interrupt();
    }
    if (step.leftRunning) {
      printed.push(...(await this.#untilShown(last)));
      return { step, printed, trouble: undefined };
    }
    const ms = this.#interrupted ? this.#stage.readMs : endMs;
    const ended = await this.#terminal.waitUntil(() => this.#ended, ms);
    printed.push(...this.#take());
    if (ended) return { step, printed, trouble: this.#badStatus(step) };
    return { step, printed, trouble: `still running after ${ms / 1000} s` };
  }

  /** What was printed since the page last looked, as soon as all of `shown` is there. */
  async #untilShown(shown: string[]): Promise<string[]> {
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

  /** All lines of the command; while it runs only those that are complete. */
  #lines(): string[] {
    const { output } = this.#terminal;
    if (!this.#ended) return toLines(output.slice(0, output.lastIndexOf('\n') + 1));
    const lines = toLines(output);
    // When SIGINT ended it, bash ends the line of the `^C`. In a page that line has an end already.
    if (this.#interrupted && this.#terminal.status === 130 && lines.at(-1) === '') lines.pop();
    return lines;
  }

  get #ended(): boolean {
    return this.#terminal.status !== undefined;
  }

  #badStatus({ statusShown }: Step): string | undefined {
    const { status } = this.#terminal;
    if (!status || statusShown || this.#interrupted) return undefined;
    return `exit status ${status}, and no \`$ echo $?\` after it that shows it`;
  }
}

function splitAtCtrlC(output: string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of output) {
    if (line === CTRL_C) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}
