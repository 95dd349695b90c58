/** Publishes numbered messages at a steady rate, to each row's queue, and enters what becomes of them. */
import { setTimeout as pause, setInterval as ticks } from 'node:timers/promises';
import type { Channel } from '../broker/client/channel.ts';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { MessageError } from '../broker/client/errors.ts';
import { Journal, readWords } from './journal.ts';
import { declare, EXCHANGE, findRows, type Row } from './rows.ts';
import { UnconfirmedPublisher } from './unconfirmed.ts';

// `window`: how many messages of a queue may be on their way. While the broker is away no further
// ones are attempted.
const words = readWords({ rows: 'classic', rate: '500', window: '1000' });
const perMs = Number(words.rate) / 1000;

/** Resolves with whether the message was taken. */
type Publish = (id: number) => Promise<boolean>;

// `connect` closes in order on SIGTERM; what is attempted after that would never be settled.
let isStopping = false;
process.once('SIGTERM', () => {
  isStopping = true;
});

const settings = loadSettings();
const connection = await connect(settings);
await Promise.all(findRows(words.rows).map(run));

async function run(row: Row): Promise<void> {
  const journal = new Journal(row.name, 'producer');
  journal.watch(connection);
  const channel = await connection.createChannel();
  await declare(channel, row);
  const publish =
    row.publisher === 'confirmed' ? confirmed(row, journal, channel) : unconfirmed(row, journal);

  let next = journal.highest + 1;
  let open = 0;
  let due = 0;
  let before = performance.now();
  for await (const _ of ticks(5)) {
    if (isStopping) return;
    const now = performance.now();
    // What a pause has kept from being sent is not made up for.
    due = Math.min(due + (now - before) * perMs, Math.max(1, 100 * perMs));
    before = now;
    for (; due >= 1 && open < Number(words.window); due--) void send(next++);
  }

  async function send(id: number): Promise<void> {
    open++;
    while (!(await publish(id))) await pause(100);
    open--;
  }
}

function confirmed(row: Row, journal: Journal, channel: Channel): Publish {
  // Confirmed too, but first returned: no queue has taken it.
  const returned = new Set<string>();
  channel.on('return', ({ properties }) => returned.add(properties.messageId));
  // What was not confirmed then is sent again, and may be routed this time.
  for (const source of [channel, connection]) source.on('lost', () => returned.clear());
  return async (id) => {
    journal.enter('attempted', id);
    const messageId = `${id}`;
    // A program that wants transient messages wants speed, and wouldn't ask for returns either.
    const options = { persistent: row.persistent, mandatory: row.persistent, messageId };
    try {
      await channel.publish(EXCHANGE, row.name, Buffer.from(messageId), options);
    } catch (error) {
      if (!(error instanceof MessageError) || error.code !== 'NACKED') throw error;
      journal.enter('nacked', id);
      return false;
    }
    journal.enter(returned.delete(messageId) ? 'returned' : 'acknowledged', id);
    return true;
  };
}

function unconfirmed(row: Row, journal: Journal): Publish {
  const publisher = new UnconfirmedPublisher(settings.brokers);
  process.once('SIGTERM', () => publisher.close());
  return async (id) => {
    journal.enter('attempted', id);
    const options = { persistent: row.persistent, messageId: `${id}` };
    const isTaken = publisher.publish(EXCHANGE, row.name, Buffer.from(`${id}`), options);
    if (isTaken) journal.enter('acknowledged', id);
    return isTaken;
  };
}
