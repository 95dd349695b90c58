/** A terminal of a page: one bash that goes on from command to command. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

/** A bash without a window says this when a signal has ended a program. A reader's bash doesn't. */
const NO_WINDOW = /^bash: \[\d+: \d+ \(\d+\)\] tcsetattr: .*\n/gm;

/**
 * One persistent interactive bash, without a window: variables, `cd` and `$?` carry over.
 * Commands read from /dev/null. What they print to stdout and stderr is one stream, in order.
 */
export class Terminal {
  /** Undefined while a command runs. */
  status: number | undefined = 0;

  // Bash writes this line after each command, with the status: what stands before it is output.
  readonly #prompt = `prompt-${randomUUID()}`;
  /** Bash itself is gone: the page said `exit`, or it was closed. */
  #closed = false;
  readonly #bash: ChildProcessWithoutNullStreams;
  readonly #changes = new EventEmitter();
  #text = '';
  #output = '';

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    // `detached` makes a session of its own: signals reach this bash and what it runs, and nothing
    // else. `-i` makes bash report errors and treat CTRL+C as it does for a reader.
    const args = ['--norc', '--noediting', '-i'];
    this.#bash = spawn('bash', args, { cwd, env, detached: true });
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
    this.#bash.stderr.resume(); // only its complaint at the start that there is no window
    this.#bash.stdin.on('error', () => {}); // bash is gone: 'close' tells
    this.#bash.on('error', () => this.#end(127)).on('close', (status) => this.#end(status ?? 137));
    process.on('exit', this.close);
    // Both streams go through one pipe, and not to Node's socket, so that /dev/stderr can be opened.
    this.#bash.stdin.write(
      "unset HISTFILE; set +o history +H; PS1= PS2=; exec > >(trap '' INT; exec cat) 2>&1 9>&1\n",
    );
  }

  /** What the command has printed so far. */
  get output(): string {
    return (this.status === undefined ? this.#text : this.#output).replace(NO_WINDOW, '');
  }

  /** Starts a command; {@link waitUntil} tells what becomes of it. */
  run(command: string): void {
    if (this.#closed) {
      this.#finish('this terminal has been closed\n', 127);
      return;
    }
    const quoted = `'${command.replaceAll("'", "'\\''")}'`;
    this.#bash.stdin.write(
      `(exit ${this.status ?? 0})\neval ${quoted} </dev/null 9>&-\n` +
        `printf '${this.#prompt} %d\\n' $? >&9\n`,
    );
    this.status = undefined;
  }

  /**
   * CTRL+C: SIGINT to all that the command runs. Bash itself may miss it in the moment in which it
   * starts a program, so a shell loop (`while ...; do ...; done`) is not for pages.
   */
  interrupt(): void {
    this.#signal('SIGINT');
  }

  /** Ends bash and all that it still runs, except what left the session (daemons). */
  close = (): void => {
    this.#signal('SIGKILL');
    this.#closed = true;
    process.off('exit', this.close);
  };

  /**
   * Waits for an event, not for time to pass: `holds` is asked again after each output and at the
   * command's end.
   *
   * @returns false when `ms` milliseconds have passed before
   */
  waitUntil(holds: () => boolean, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (held: boolean) => {
        clearTimeout(timer);
        this.#changes.off('change', ask);
        resolve(held);
      };
      const ask = () => {
        if (holds()) end(true);
      };
      const timer = setTimeout(end, ms, false);
      this.#changes.on('change', ask);
      ask();
    });
  }

  #receive(text: string): void {
    this.#text += text;
    const [output = '', rest] = this.#text.split(`${this.#prompt} `);
    const status = /^(\d+)\n/.exec(rest ?? '');
    if (status) {
      this.#text = rest?.slice(status[0].length) ?? '';
      this.#finish(output, Number(status[1]));
    }
    this.#changes.emit('change');
  }

  #finish(output: string, status: number): void {
    this.#output = output;
    this.status = status;
  }

  #end(status: number): void {
    this.#closed = true;
    process.off('exit', this.close);
    if (this.status === undefined) this.#finish(this.#text, status);
    this.#changes.emit('change');
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#closed || this.#bash.pid === undefined) return;
    try {
      process.kill(-this.#bash.pid, signal);
    } catch (error) {
      // It ended a moment ago.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}
