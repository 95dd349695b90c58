/** The containers of an experiment, through the Docker API. */
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import Docker from 'dockerode';

export type Service = 'broker' | 'broker-2' | 'broker-3' | 'producer' | 'consumer' | 'experiment';

/** The end of a container, and whether a fault has ended it. */
export interface End {
  service: string;
  status: string;
  isMeant: boolean;
}

/**
 * The name by which the programs look for the broker. It isn't "broker": Docker always gives a
 * container its hostname as an alias, and something else may have to stand at the entrance.
 */
export const ENTRANCE = 'entrance';

/** Where a broker keeps its data. */
const DATA = '/var/lib/rabbitmq';

const docker = new Docker();
const bothStreams = { stdout: true, stderr: true };

export class Lab {
  readonly project: string;
  /** Every container that has ended so far. */
  readonly ends: End[] = [];
  /** Which containers a fault is about to end. */
  readonly #meant: string[] = [];
  #whenEnded: (() => void)[] = [];

  private constructor(project: string) {
    this.project = project;
  }

  /** The lab that this container belongs to. */
  static async open(): Promise<Lab> {
    const self = await docker.getContainer(hostname()).inspect();
    const lab = new Lab(self.Config.Labels['com.docker.compose.project'] ?? '');
    await lab.#listen();
    return lab;
  }

  async start(service: Service): Promise<void> {
    await (await this.#find(service)).start();
  }

  /** SIGTERM, and SIGKILL after `graceSeconds`. Resolves when it has ended. */
  async stop(service: Service, graceSeconds = 30): Promise<End> {
    const container = await this.#find(service);
    return this.#end(service, () => container.stop({ t: graceSeconds }));
  }

  /** SIGKILL. Resolves when it has ended. */
  async kill(service: Service): Promise<End> {
    const container = await this.#find(service);
    return this.#end(service, () => container.kill({ signal: 'SIGKILL' }));
  }

  async pause(service: Service): Promise<void> {
    await (await this.#find(service)).pause();
  }

  async unpause(service: Service): Promise<void> {
    await (await this.#find(service)).unpause();
  }

  /** Takes a container's cable out: it reaches nobody there, and nobody finds its name. */
  async disconnect(service: Service, network = 'default'): Promise<void> {
    const container = await this.#find(service);
    await this.#network(network).disconnect({ Container: container.id, Force: true });
  }

  /** Puts it in again. By default it has the names that the Compose file gives it. */
  async connect(service: Service, Aliases = namesOf(service), network = 'default'): Promise<void> {
    const container = await this.#find(service);
    await this.#network(network).connect({ Container: container.id, EndpointConfig: { Aliases } });
  }

  /** One more network, beside the one that all containers are in. */
  async createNetwork(name: string): Promise<void> {
    const Labels = { 'com.docker.compose.project': this.project };
    await docker.createNetwork({ Name: `${this.project}_${name}`, Labels });
  }

  /** Runs a command in a container; resolves with what it printed. */
  async run(service: Service, ...Cmd: string[]): Promise<string> {
    const container = await this.#find(service);
    const exec = await container.exec({ Cmd, AttachStdout: true, AttachStderr: true });
    const printed = await Array.fromAsync(linesOf(await exec.start({})));
    const { ExitCode } = await exec.inspect();
    if (ExitCode !== 0)
      throw new Error(`${Cmd.join(' ')}: status ${ExitCode}\n${printed.join('\n')}`);
    return printed.join('\n');
  }

  /** How much memory the program of a container has in use, in MB. */
  async memoryOf(service: Service): Promise<number> {
    const { Processes } = await (await this.#find(service)).top({ ps_args: '-o pid,rss' });
    return Math.max(...Processes.map(([, kilobytes]: string[]) => Number(kilobytes))) / 1024;
  }

  /** Prints what the containers have logged last. */
  async showLogs(): Promise<void> {
    for (const service of ['broker', 'producer', 'consumer'] as const) {
      const logged = await (await this.#find(service)).logs({ ...bothStreams, tail: 40 });
      console.log(`--- the last lines of the ${service}`);
      for await (const line of linesOf(Readable.from([logged]))) console.log(line);
    }
  }

  /** Takes the lab's broker away and makes another one like it, with its data in this volume. */
  async replaceBroker(volume: string): Promise<void> {
    const old = await this.#find('broker');
    const { Config, HostConfig, Mounts, State } = await old.inspect();
    if (State.Running) this.#meant.push('broker');
    await old.remove({ force: true });
    const Binds = Mounts.map(({ Type, Name, Source, Destination, RW }) => {
      const from = Destination === DATA ? volume : Type === 'volume' ? Name : Source;
      return `${from}:${Destination}${RW ? '' : ':ro'}`;
    });
    const EndpointsConfig = { [`${this.project}_default`]: { Aliases: namesOf('broker') } };
    await docker.createContainer({
      ...Config,
      HostConfig: { ...HostConfig, Binds, Mounts: [] },
      NetworkingConfig: { EndpointsConfig },
    });
  }

  /** A volume on a block device; it is mounted when a container with it starts. */
  async createVolume(name: string, device: string): Promise<string> {
    const DriverOpts = { type: 'ext4', device };
    const Labels = { 'com.docker.compose.project': this.project };
    const Name = `${this.project}_${name}`;
    await docker.createVolume({ Name, Driver: 'local', DriverOpts, Labels });
    return Name;
  }

  async removeVolume(volume: string): Promise<void> {
    await docker.getVolume(volume).remove();
  }

  async removeBroker(): Promise<void> {
    this.#meant.push('broker');
    await (await this.#find('broker')).remove({ force: true });
  }

  /**
   * Runs a shell script once, in a container of the same image as that of a service.
   *
   * @returns what it printed
   */
  async runOnce(service: Service, script: string, HostConfig: Docker.HostConfig): Promise<string> {
    const { Image } = await (await this.#find(service)).inspect();
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const printed = Promise.all([text(stdout), text(stderr)]);
    const [{ StatusCode }, container] = await docker.run(Image, ['-ec', script], [stdout, stderr], {
      Tty: false,
      User: 'root',
      Entrypoint: ['sh'],
      HostConfig,
    });
    stdout.end();
    stderr.end();
    await container.remove();
    const [said, complained] = await printed;
    if (StatusCode !== 0) throw new Error(`status ${StatusCode}: ${complained.trim()}`);
    return said.trim();
  }

  #network(name: string): Docker.Network {
    return docker.getNetwork(`${this.project}_${name}`);
  }

  async #find(service: Service): Promise<Docker.Container> {
    const label = [
      `com.docker.compose.project=${this.project}`,
      `com.docker.compose.service=${service}`,
    ];
    const [found] = await docker.listContainers({ all: true, filters: { label } });
    if (!found) throw new Error(`There is no container of the service ${service}.`);
    return docker.getContainer(found.Id);
  }

  async #end(service: Service, act: () => Promise<unknown>): Promise<End> {
    const before = this.#endsOf(service);
    this.#meant.push(service);
    await act();
    while (this.#endsOf(service) === before) {
      await new Promise<void>((resolve) => this.#whenEnded.push(resolve));
    }
    return this.ends.findLast((end) => end.service === service) as End;
  }

  #endsOf(service: Service): number {
    return this.ends.filter((end) => end.service === service).length;
  }

  async #listen(): Promise<void> {
    const label = [`com.docker.compose.project=${this.project}`];
    const filters = { type: ['container' as const], event: ['die'], label };
    const input = await docker.getEvents({ filters });
    createInterface({ input }).on('line', (line) => {
      const { Attributes } = JSON.parse(line).Actor;
      const service: string = Attributes['com.docker.compose.service'];
      const meant = this.#meant.indexOf(service);
      if (meant >= 0) this.#meant.splice(meant, 1);
      this.ends.push({ service, status: Attributes.exitCode, isMeant: meant >= 0 });
      for (const tell of this.#whenEnded.splice(0)) tell();
    });
  }
}

function namesOf(service: Service): string[] {
  return service === 'broker' ? [service, ENTRANCE] : [service];
}

function linesOf(raw: NodeJS.ReadableStream): AsyncIterable<string> {
  const input = new PassThrough();
  docker.modem.demuxStream(raw, input, input);
  raw.on('end', () => input.end());
  raw.on('error', (error) => input.destroy(error));
  return createInterface({ input });
}
