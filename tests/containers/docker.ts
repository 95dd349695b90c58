/** The containers of the lab under test, through the Docker API. */
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import Docker from 'dockerode';

const docker = new Docker();

/** How long to wait for a line of a log, in milliseconds. A broker needs some 7 s to start. */
const DEADLINE_MS = 30_000;

/** The containers of `service` in the lab that this test container belongs to, in their order. */
export async function containersOf(service: string) {
  const self = await docker.getContainer(hostname()).inspect();
  const project = self.Config.Labels['com.docker.compose.project'];
  const label = [
    `com.docker.compose.project=${project}`,
    `com.docker.compose.service=${service}`,
    'com.docker.compose.oneoff=False',
  ];
  const found = await docker.listContainers({ all: true, filters: { label } });
  const number = (c: Docker.ContainerInfo) =>
    Number(c.Labels['com.docker.compose.container-number']);
  return found.sort((a, b) => number(a) - number(b)).map((c) => new LabContainer(c));
}

/** One container, with what it logged since its latest {@link LabContainer.mark}. */
export class LabContainer {
  readonly #name: string;
  readonly #container: Docker.Container;
  #since = now();

  constructor(found: Docker.ContainerInfo) {
    this.#name = found.Names[0] ?? found.Id;
    this.#container = docker.getContainer(found.Id);
  }

  /** From now on only what is logged later counts. */
  mark(): void {
    this.#since = now();
  }

  async start(): Promise<void> {
    this.mark();
    await this.#container.start().catch(unlessSo);
  }

  /**
   * Sends SIGTERM, and SIGKILL after `graceSeconds`: one that is too slow ends with status 137.
   *
   * @returns its exit status
   */
  async stop(graceSeconds: number): Promise<number> {
    await this.#container.stop({ t: graceSeconds }).catch(unlessSo);
    return (await this.#container.inspect()).State.ExitCode;
  }

  /** Sends SIGKILL, and waits until the container has ended. */
  async kill(): Promise<void> {
    await this.#container.kill({ signal: 'SIGKILL' });
    await this.#container.wait({ condition: 'not-running' });
  }

  /** Runs a command in it. */
  async exec(...command: string[]): Promise<void> {
    const exec = await this.#container.exec({
      Cmd: command,
      AttachStdout: true,
      AttachStderr: true,
    });
    const said = await Array.fromAsync(linesOf(await exec.start({})));
    const { ExitCode } = await exec.inspect();
    if (ExitCode !== 0) throw new Error(`${command.join(' ')}: ${ExitCode}\n${said.join('\n')}`);
  }

  /** The lines logged so far. */
  async lines(): Promise<string[]> {
    const text = await this.#container.logs({ ...bothStreams, since: this.#since });
    return Array.fromAsync(linesOf(Readable.from([text])));
  }

  /** How many lines logged so far are exactly `line`. */
  async count(line: string): Promise<number> {
    return (await this.lines()).filter((logged) => logged === line).length;
  }

  /** The first line that matches, logged already or later. */
  async waitForLine(pattern: RegExp): Promise<string> {
    const abortSignal = AbortSignal.timeout(DEADLINE_MS);
    const options = { ...bothStreams, since: this.#since, follow: true as const, abortSignal };
    const seen: string[] = [];
    try {
      for await (const line of linesOf(await this.#container.logs(options))) {
        if (pattern.test(line)) return line;
        seen.push(line);
      }
    } catch (error) {
      if (!abortSignal.aborted) throw error;
    }
    const why = abortSignal.aborted ? `within ${DEADLINE_MS} ms` : 'before it ended';
    throw new Error(`${this.#name} logged no ${pattern} ${why}. It logged:\n${seen.join('\n')}`);
  }
}

const bothStreams = { stdout: true, stderr: true };

function linesOf(raw: NodeJS.ReadableStream): AsyncIterable<string> {
  const text = new PassThrough();
  docker.modem.demuxStream(raw, text, text);
  raw.on('end', () => text.end());
  raw.on('error', (error) => text.destroy(error));
  return createInterface({ input: text });
}

/** Unix time in seconds, as the Docker API takes it. */
function now(): string {
  return (Date.now() / 1000).toFixed(3);
}

// 304: the container is already in the state that was asked for.
function unlessSo(error: { statusCode?: number }): void {
  if (error.statusCode !== 304) throw error;
}
