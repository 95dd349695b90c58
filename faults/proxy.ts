/** Stands at the entrance, between the programs and the broker. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { ENTRANCE, type Lab } from './lab.ts';

export class TcpProxy {
  readonly #server = createServer((client) => this.#link(client));
  readonly #sockets = new Set<Socket>();

  /** From now on whoever asks for the broker finds this process. */
  static async open(lab: Lab): Promise<TcpProxy> {
    const proxy = new TcpProxy();
    await once(proxy.#server.listen(5672), 'listening');
    await lab.disconnect('broker');
    await lab.connect('broker', ['broker']);
    await lab.disconnect('experiment');
    await lab.connect('experiment', [ENTRANCE]);
    return proxy;
  }

  /** Ends each connection with a TCP reset, as when a machine crashes and comes back. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Nothing passes any more on the connections that are open; no side is told. */
  freeze(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  #link(client: Socket): void {
    const broker = connect({ host: 'broker', port: 5672, noDelay: true });
    client.setNoDelay(true);
    client.pipe(broker).pipe(client);
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // "close" follows
      socket.on('close', () => {
        this.#sockets.delete(socket);
        if (!other.isPaused()) other.destroy();
      });
    }
  }
}
