/** A TCP connection that looks like a WebSocket, for a library that knows only those. */
import { connect, type Socket } from 'node:net';
import { type IStompSocket, StompSocketState } from '@stomp/stompjs';

/**
 * What stompjs takes for a WebSocket. STOMP itself is older than those and needs none.
 * Source: `Client.webSocketFactory` in the documentation of stompjs.
 */
export class TcpWebSocket implements IStompSocket {
  readonly url: string;
  readyState: StompSocketState = StompSocketState.CONNECTING;
  onopen: IStompSocket['onopen'];
  onmessage: IStompSocket['onmessage'];
  onerror: IStompSocket['onerror'];
  onclose: IStompSocket['onclose'];
  readonly #socket: Socket;

  constructor(host: string, port: number) {
    this.url = `tcp://${host}:${port}`;
    this.#socket = connect({ host, port, noDelay: true })
      .on('connect', () => {
        this.readyState = StompSocketState.OPEN;
        this.onopen?.();
      })
      .on('data', (data) => this.onmessage?.({ data }))
      .on('error', (error) => this.onerror?.(error))
      .on('close', () => {
        this.readyState = StompSocketState.CLOSED;
        this.onclose?.({ code: 1000, reason: '', wasClean: true });
      });
  }

  send(data: string | Uint8Array): void {
    this.#socket.write(data);
  }

  /** Ends the connection once all is written. */
  close(): void {
    this.readyState = StompSocketState.CLOSING;
    this.#socket.end();
  }

  /** Ends it at once. */
  terminate(): void {
    this.#socket.destroy();
  }
}
