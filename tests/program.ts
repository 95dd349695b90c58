/** A program of the lab as a process of its own, the way a container runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** How long a program may take to say or do something, in milliseconds. */
const DEADLINE_MS = 30_000;
const ROOT = new URL('..', import.meta.url);
/** What Node has compiled once it needn't again: a program then starts in a third of the time. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'rabbitmq-lab-compiled');

export class Program {
  /** What it printed so far, on both streams. */
  readonly lines: string[] = [];
  /** Its exit status, or the signal that killed it; undefined while it runs. */
  status: number | NodeJS.Signals | undefined;
  readonly #process: ChildProcess;
  readonly #news = new EventEmitter();

  /** Starts `file`, given from the project's folder, with its lesson's broker, these settings and no others. */
  constructor(file: string, settings: Record<string, string>, words: string[] = []) {
    // Without tsx, which the containers use: Node erases the types itself, and starts in half the time.
    const [command, ...options] = file.endsWith('.py')
      ? ['python3']
      : [process.execPath, '--import', './broker/client/lesson.ts'];
    const { PATH, HOME, PYTHONPATH, PYTHONUNBUFFERED } = process.env;
    const inherited = { PATH, HOME, PYTHONPATH, PYTHONUNBUFFERED };
    const own = { DOTENV_PATH: '/dev/null', NODE_COMPILE_CACHE, LAB_BROKER: basename(file, '.ts') };
    const env = { ...inherited, ...own, ...settings };
    const args = [...options, file, ...words];
    this.#process = spawn(command, args, { cwd: ROOT, env, stdio: 'pipe' });
    this.#news.setMaxListeners(0);
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      createInterface({ input: stream as Readable }).on('line', (line) => {
        this.lines.push(line);
        this.#news.emit('news');
      });
    }
    // "close" comes after the last line, "exit" may come before.
    this.#process.on('close', (status, signal) => {
      this.status = status ?? signal ?? 0;
      this.#news.emit('news');
    });
  }

  /** Resolves with the line that is the `nth` to match, printed already or later. */
  waitForLine(pattern: RegExp, nth = 1): Promise<string> {
    return this.#waitFor(`${nth} x ${pattern}`, () => this.all(pattern)[nth - 1]);
  }

  /** Resolves with the exit status once the program has ended. */
  async end(): Promise<number | NodeJS.Signals> {
    return this.#waitFor('its end', () => this.status);
  }

  /** Sends a signal; resolves with the exit status. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    this.signal(signal);
    return this.end();
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Lets go on a fixture that waits for a line of its standard input. */
  proceed(): void {
    this.#process.stdin?.write('go\n');
  }

  /** The lines that match, so far. */
  all(pattern: RegExp): string[] {
    return this.lines.filter((line) => pattern.test(line));
  }

  async #waitFor<T>(what: string, look: () => T | undefined): Promise<T> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      const ended = this.status !== undefined;
      if (ended || signal.aborted) {
        const how = ended ? `ended (${this.status})` : `waited ${DEADLINE_MS} ms`;
        throw new Error(`${how} without ${what}. It said:\n${this.lines.join('\n')}`);
      }
      await once(this.#news, 'news', { signal }).catch(() => {}); // the deadline is looked at above
    }
  }
}
