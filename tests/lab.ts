/** `test`, with what most tests of the lab need: made on demand, removed when the test is over. */
import { test as base } from 'vitest';
import type { Setup } from '../broker/channel.ts';
import type { BrokerAddress } from '../broker/config.ts';
import { BrokerConnection } from '../broker/connection.ts';
import { Vhost } from './broker.ts';
import { Program } from './program.ts';
import { TcpProxy } from './proxy.ts';

export const test = base
  // A vhost of the test's own on the real broker.
  .extend('vhost', async ({ task }, { onCleanup }) => {
    const vhost = await Vhost.create(task.name);
    onCleanup(() => vhost.remove());
    return vhost;
  })
  // A way to the broker that the test can break.
  .extend('proxy', async ({ vhost }, { onCleanup }) => {
    const proxy = await TcpProxy.open(vhost.address);
    onCleanup(() => proxy.close());
    return proxy;
  })
  // Starts a program in that vhost, with further settings, and with words on its command line.
  .extend('start', async ({ vhost }, { onCleanup }) => {
    const programs: Program[] = [];
    onCleanup(() => {
      for (const program of programs) program.signal('SIGKILL');
    });
    return (file: string, settings: Record<string, string> = {}, words: string[] = []) => {
      const program = new Program(file, { ...vhost.env, ...settings }, words);
      programs.push(program);
      return program;
    };
  })
  // Opens a connection of the lab's own in this process: for what needs no end of the program.
  .extend('open', async ({ vhost }, { onCleanup }) => {
    const connections: BrokerConnection[] = [];
    // Not awaited: a test that failed may have left what can't be closed in order. The end of the
    // vhost closes it then.
    onCleanup(() => {
      for (const connection of connections) void connection.close().catch(() => {});
    });
    return (setup: Setup, where: Partial<BrokerAddress> = {}): BrokerConnection => {
      const connection = new BrokerConnection([{ ...vhost.address, ...where }], setup);
      connections.push(connection);
      return connection;
    };
  });
