/**
 * A disk whose cable can be pulled: an ext4 file system in a file, behind a loop device. What the
 * system has not yet written to the device is not in the file, and so not in a copy of it.
 */
import type { Lab } from './lab.ts';

/** The power cut was not done: there are no loop devices here, or no right to use them. */
export class NotRun extends Error {
  override name = 'NotRun';
}

/** Loop devices, and what makes them. No further right is needed: Docker does the mounting. */
const DeviceCgroupRules = ['b 7:* rmw', 'c 10:237 rmw'];

export class Disk {
  readonly #lab: Lab;
  readonly #name: string;
  /** Docker's name of the volume on this disk. */
  readonly volume: string;
  readonly #device: string;

  private constructor(lab: Lab, name: string, volume: string, device: string) {
    this.#lab = lab;
    this.#name = name;
    this.volume = volume;
    this.#device = device;
  }

  /** An empty disk for a broker's data. */
  static async format(lab: Lab, name: string): Promise<Disk> {
    const make = `truncate -s 2G /disks/${name}; mkfs.ext4 -q /disks/${name};`;
    const disk = await Disk.#attach(lab, name, make);
    // The broker's own user writes there.
    const Binds = [`${disk.volume}:/data`];
    await lab.runOnce('broker', 'chown rabbitmq: /data', { Binds });
    return disk;
  }

  /** What this disk holds at this moment, and no more: the file system must recover by its journal. */
  async copy(name: string): Promise<Disk> {
    const copy = `cp --sparse=always /disks/${this.#name} /disks/${name};`;
    return Disk.#attach(this.#lab, name, copy);
  }

  /** Now that it is mounted: the device goes by itself with the last one who uses it. */
  async detachLater(): Promise<void> {
    await run(this.#lab, `losetup -d ${this.#device}`);
  }

  static async #attach(lab: Lab, name: string, make: string): Promise<Disk> {
    const device = await run(lab, `${make} losetup -f --show /disks/${name}`);
    return new Disk(lab, name, await lab.createVolume(name, device), device);
  }
}

async function run(lab: Lab, script: string): Promise<string> {
  const Binds = ['/dev:/dev', `${lab.project}_disks:/disks`];
  return lab.runOnce('producer', script, { DeviceCgroupRules, Binds }).catch((cause) => {
    throw new NotRun(`no loop device: ${cause.message}`, { cause });
  });
}
