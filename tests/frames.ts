/** AMQP 0-9-1 on the wire, as far as the tests look at it. Source: the specification, section 2.3. */

/** The methods that the tests wait for, by class and method number. */
const METHODS = {
  'connection.start': 0x000a_000a,
  'connection.tune': 0x000a_001e,
  'connection.open-ok': 0x000a_0029,
  'connection.close': 0x000a_0032,
  'channel.open-ok': 0x0014_000b,
  'channel.close': 0x0014_0028,
  'confirm.select-ok': 0x0055_000b,
  'queue.declare': 0x0032_000a,
  'queue.declare-ok': 0x0032_000b,
  'basic.consume': 0x003c_0014,
  'basic.consume-ok': 0x003c_0015,
  'basic.cancel': 0x003c_001e,
  'basic.publish': 0x003c_0028,
  'basic.get-ok': 0x003c_0047,
  'basic.ack': 0x003c_0050,
};

export type Method = keyof typeof METHODS | 'heartbeat';

/** Where the arguments of a method begin in its frame: type, channel, size; class, method. */
const ARGUMENTS = 7 + 4;

export class Frame {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  is(method: Method): boolean {
    if (method === 'heartbeat') return this.bytes[0] === 8;
    return this.bytes[0] === 1 && this.bytes.readUInt32BE(7) === METHODS[method];
  }

  /** Makes the number of channels that a `connection.tune` allows the lowest there is. */
  allowOneChannel(): undefined {
    this.bytes.writeUInt16BE(1, ARGUMENTS);
  }

  /** Makes the heartbeat that a `connection.tune` proposes the shortest there is. */
  proposeHeartbeatOfOneSecond(): undefined {
    this.bytes.writeUInt16BE(1, ARGUMENTS + 2 + 4); // after channel-max and frame-max
  }
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  read(chunk: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames = [];
    for (let size = this.#nextSize(); size <= this.#rest.length; size = this.#nextSize()) {
      frames.push(new Frame(Buffer.from(this.#rest.subarray(0, size))));
      this.#rest = this.#rest.subarray(size);
    }
    return frames;
  }

  #nextSize(): number {
    if (this.#rest.length < 7) return Number.POSITIVE_INFINITY;
    if (this.#rest.toString('latin1', 0, 4) === 'AMQP') return 8; // the client's protocol header
    return 7 + this.#rest.readUInt32BE(3) + 1;
  }
}

/** The frame with which a broker closes a connection: reply code, reply text, class and method. */
export function connectionClose(code: number, text: string): Buffer {
  const words = Buffer.alloc(2 + 1 + text.length + 4);
  words.writeUInt16BE(code);
  words.writeUInt8(text.length, 2);
  words.write(text, 3);
  return method(0x000a_0032, words);
}

/** The frames with which a broker says that it takes no messages for now, and that it does again. */
export function connectionBlocked(reason: string): Buffer {
  return method(0x000a_003c, Buffer.from([reason.length, ...Buffer.from(reason)]));
}
export const CONNECTION_UNBLOCKED = method(0x000a_003d, Buffer.alloc(0));

/** The frame with which a broker says that it has cancelled a consumer of the first channel. */
export function basicCancel(consumerTag: string): Buffer {
  const noWait = 1;
  return method(
    0x003c_001e,
    Buffer.from([consumerTag.length, ...Buffer.from(consumerTag), noWait]),
    1,
  );
}

function method(classAndMethod: number, words: Buffer, channel = 0): Buffer {
  const frame = Buffer.alloc(ARGUMENTS + words.length + 1);
  frame[0] = 1;
  frame.writeUInt16BE(channel, 1);
  frame.writeUInt32BE(4 + words.length, 3);
  frame.writeUInt32BE(classAndMethod, 7);
  words.copy(frame, ARGUMENTS);
  frame[frame.length - 1] = 0xce;
  return frame;
}
