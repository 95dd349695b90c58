/** `test`, with what most tests of the lab need: made on demand, removed when the test is over. */
import { test as base, expect } from 'vitest';
import type { BrokerAddress } from '../broker/client/config.ts';
import { Connection } from '../broker/client/connection.ts';
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
  // Starts a program, with these settings and no others, and with words on its command line.
  .extend('run', async ({ onTestFinished }) => {
    return (file: string, settings: Record<string, string>, words: string[]) => {
      const program = new Program(file, settings, words);
      onTestFinished(() => program.signal('SIGKILL'));
      return program;
    };
  })
  // The same in the test's vhost, with further settings.
  .extend('start', async ({ run, vhost }) => {
    return (file: string, settings: Record<string, string> = {}, words: string[] = []) =>
      run(file, { ...vhost.env, ...settings }, words);
  })
  // What a program says to words that it doesn't take. It ends before it looks for a broker.
  .extend('misuse', async ({ run }) => {
    return async (file: string, words: string[]): Promise<string[]> => {
      const program = run(file, { AMQP_HOST: 'not.used.invalid' }, words);
      expect(await program.end()).toBe(2);
      return program.lines;
    };
  })
  // A connection of the lab's own in this process: for what needs no end of the program.
  .extend('open', async ({ vhost }, { onCleanup }) => {
    const connections: Connection[] = [];
    // Not awaited: a test that failed may have left what can't be closed in order. The end of the
    // vhost closes it then.
    onCleanup(() => {
      for (const connection of connections) void connection.close().catch(() => {});
    });
    return (where: Partial<BrokerAddress> = {}): Connection => {
      const connection = new Connection([{ ...vhost.address, ...where }]);
      connections.push(connection);
      return connection;
    };
  });
