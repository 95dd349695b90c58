/** A network between a program and the broker that can be broken in exactly one place. */
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Frame, FrameReader, type Method } from './frames.ts';

/** How long to wait for a connection or a frame, in milliseconds. */
const DEADLINE_MS = 30_000;

interface Target {
  hostname: string;
  port: number;
}

/**
 * What becomes of a frame: it passes (undefined), is left out, is the first that is lost when the
 * connection is ended or reset, has further bytes put after it, or others in its place.
 */
export type Verdict = 'drop' | 'end' | 'reset' | Buffer | { instead: Buffer } | undefined;

interface Watch {
  method: Method;
  /** Which of the frames to come; undefined means each. */
  nth: number | undefined;
  look: (frame: Frame) => Verdict;
}

export class TcpProxy {
  /** How many connections there were so far, and when each began (milliseconds). */
  readonly accepted: number[] = [];
  /** True: a new connection is accepted and never hears a word. */
  silent = false;
  /** True: what passes is TLS, and no frame can be looked at. */
  encrypted = false;
  /** Where new connections go. */
  target: Target;
  readonly #server: Server;
  readonly #links = new Set<readonly [Socket, Socket]>();
  readonly #frozen = new Set<readonly [Socket, Socket]>();
  readonly #watches: Watch[] = [];
  readonly #news = new EventEmitter();
  #port = 0;

  private constructor(target: Target) {
    this.target = target;
    this.#server = createServer((client) => this.#accept(client));
  }

  static async open(target: Target): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.listen();
    return proxy;
  }

  /** The settings of a program that shall come this way. */
  get env() {
    return { AMQP_HOST: '127.0.0.1', AMQP_PORT: `${this.#port}` };
  }

  /** The same for a connection in this process. */
  get address() {
    return { hostname: '127.0.0.1', port: this.#port };
  }

  /** Opens the port, after {@link refuse} the same one as before. */
  async listen(): Promise<void> {
    await once(this.#server.listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Closes the port: a connection is refused. Those that are open stay. */
  refuse(): undefined {
    this.#server.close();
  }

  /** Ends each connection with a TCP reset, as when a machine crashes and comes back. */
  reset(): void {
    for (const link of this.#links) for (const socket of link) socket.resetAndDestroy();
  }

  /** Nothing passes any more on the connections that are open, not even that a side has closed. */
  freeze(): undefined {
    for (const link of this.#links) {
      this.#frozen.add(link);
      for (const socket of link) socket.pause();
    }
  }

  /** Holds back what the broker says on the connections that are open, until {@link release}. */
  holdBroker(): undefined {
    for (const [, broker] of this.#links) broker.pause();
  }

  release(): void {
    for (const link of this.#links) for (const socket of link) socket.resume();
  }

  /** Looks at the frames to come that carry `method`, from either side: each, or only the `nth`. */
  watch(method: Method, look: Watch['look'], nth?: number): void {
    this.#watches.push({ method, look, nth });
  }

  /** Resolves when the `nth` such frame passes. */
  passing(method: Method, nth = 1): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`no ${method} passed within ${DEADLINE_MS} ms`));
      AbortSignal.timeout(DEADLINE_MS).addEventListener('abort', late);
      this.watch(method, () => void resolve(), nth);
    });
  }

  /** Resolves when there were `count` connections. */
  async waitForConnections(count: number): Promise<void> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    while (this.accepted.length < count) {
      await once(this.#news, 'connection', { signal }).catch((cause) => {
        throw new Error(`${this.accepted.length} connections, not ${count}`, { cause });
      });
    }
  }

  close(): void {
    this.refuse();
    for (const link of this.#links) for (const socket of link) socket.destroy();
  }

  #accept(client: Socket): void {
    this.accepted.push(performance.now());
    this.#news.emit('connection');
    if (this.silent) {
      this.#link(client, client);
      return;
    }
    const broker = connect({ host: this.target.hostname, port: this.target.port, noDelay: true });
    client.setNoDelay(true);
    this.#link(client, broker);
    this.#forward(client, broker);
    this.#forward(broker, client);
  }

  #link(...link: readonly [Socket, Socket]): void {
    this.#links.add(link);
    for (const socket of link) {
      socket.on('error', () => {}); // the other side is told by "close"
      socket.on('close', () => {
        if (this.#frozen.has(link)) return;
        this.#links.delete(link);
        for (const other of link) other.destroy();
      });
    }
  }

  // All that came at once leaves in one piece: what the tests put in between arrives with it.
  #forward(from: Socket, to: Socket): void {
    const reader = new FrameReader();
    from.on('data', (chunk) => {
      if (this.encrypted) {
        to.write(chunk);
        return;
      }
      const passing: Buffer[] = [];
      for (const frame of reader.read(chunk)) {
        const verdict = this.#judge(frame);
        if (verdict === 'end' || verdict === 'reset') {
          to.write(Buffer.concat(passing));
          if (verdict === 'end') to.end();
          else to.resetAndDestroy();
          from.destroy();
          return;
        }
        if (verdict === undefined || Buffer.isBuffer(verdict)) passing.push(frame.bytes);
        if (Buffer.isBuffer(verdict)) passing.push(verdict);
        else if (typeof verdict === 'object') passing.push(verdict.instead);
      }
      to.write(Buffer.concat(passing));
    });
    from.on('end', () => to.end());
  }

  #judge(frame: Frame): Verdict {
    let verdict: Verdict;
    for (const watch of this.#watches) {
      if (!frame.is(watch.method)) continue;
      if (watch.nth !== undefined) watch.nth -= 1;
      if (!watch.nth) verdict = watch.look(frame) ?? verdict;
    }
    return verdict;
  }
}
