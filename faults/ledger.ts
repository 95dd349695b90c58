/**
 * What became of every message. Pure: what two journals say goes in, the sums come out.
 *
 * The words are those of the checker "total-queue" of Jepsen, which tests databases and queues:
 * https://github.com/jepsen-io/jepsen, jepsen/src/jepsen/checker.clj
 */

/** One line of a journal: what happened, and to which message. */
export interface Entry {
  word: ProducerWord | ConsumerWord;
  /** The message's number; nothing where the whole program is meant. */
  id?: number | undefined;
}

/**
 * `lost`: the connection or the channel. A producer enters `attempted` before it publishes, and then
 * one of the others; the last one counts, since a nacked message may be published again.
 */
export type ProducerWord = 'started' | 'lost' | 'attempted' | Settled;
/** A consumer enters what it receives before it acknowledges it. `redelivered`: the broker's flag. */
export type ConsumerWord = 'started' | 'lost' | 'received' | 'redelivered';
type Settled = 'acknowledged' | 'returned' | 'nacked';
/** Nobody told the producer what became of the message. It may have arrived all the same. */
type Outcome = Settled | 'unknown';

/** The sums. It holds that attempted = acknowledged + returned + nacked + unknown. */
export interface Totals extends Record<Outcome, number> {
  attempted: number;
  /** How many of the attempted messages were received, each counted once. */
  received: number;
  /** Acknowledged by the broker and never received: the promise that was broken. */
  lost: number;
  /** Its outcome is unknown, and it was received. */
  recovered: number;
  /** Returned or nacked, and received all the same. */
  denied: number;
  /** Received and never attempted. */
  unexpected: number;
  /** How often a message was received again. */
  duplicated: number;
  /** Why: the consumer had it in hand when it lost the broker, or ended. */
  redelivered: number;
  /** Why: the producer lost the broker before the confirm, and published it again. */
  resent: number;
  /** For no reason that the journals know. */
  unexplained: number;
}

interface Message {
  outcome: Outcome;
  /** Whether the producer may have published it more than once. */
  mayBeTwice: boolean;
  received: number;
  /** Which connection of the consumer it came by, the last time. */
  cameBy: number;
}

/** Compares what the producer entered with what the consumer entered, each in the order of entry. */
export function audit(producer: Iterable<Entry>, consumer: Iterable<Entry>): Totals {
  const messages = readProducer(producer);
  const totals: Totals = { ...NOTHING, attempted: messages.size };
  readConsumer(consumer, messages, totals);
  for (const { outcome, received } of messages.values()) {
    totals[outcome]++;
    if (received > 0) totals.received++;
    if (outcome === 'acknowledged' && received === 0) totals.lost++;
    if (outcome === 'unknown' && received > 0) totals.recovered++;
    if ((outcome === 'returned' || outcome === 'nacked') && received > 0) totals.denied++;
  }
  return totals;
}

function readProducer(entries: Iterable<Entry>): Map<number, Message> {
  const messages = new Map<number, Message>();
  const open = new Set<Message>();
  for (const { word, id } of entries) {
    if (id === undefined) {
      // What is open when a connection is lost is sent again; what a dead program left is not.
      if (word === 'lost') for (const message of open) message.mayBeTwice = true;
      else open.clear();
      continue;
    }
    const message = messages.get(id) ?? {
      outcome: 'unknown',
      mayBeTwice: false,
      received: 0,
      cameBy: 0,
    };
    messages.set(id, message);
    if (word === 'attempted') {
      open.add(message);
      continue;
    }
    open.delete(message);
    message.outcome = word as Settled;
    if (word === 'nacked') message.mayBeTwice = true;
  }
  return messages;
}

function readConsumer(
  entries: Iterable<Entry>,
  messages: Map<number, Message>,
  totals: Totals,
): void {
  let connection = 0;
  for (const { word, id } of entries) {
    if (id === undefined) {
      connection++;
      continue;
    }
    const message = messages.get(id);
    if (!message) {
      totals.unexpected++;
      continue;
    }
    if (message.received > 0) {
      totals.duplicated++;
      totals[whyAgain(message, word === 'redelivered', message.cameBy !== connection)]++;
    }
    message.received++;
    message.cameBy = connection;
  }
}

// A copy that was published again may come by another connection too, but without the broker's flag.
function whyAgain(message: Message, isFlagged: boolean, wasCut: boolean) {
  if (isFlagged) return 'redelivered';
  if (message.mayBeTwice) return 'resent';
  return wasCut ? 'redelivered' : 'unexplained';
}

const NOTHING: Totals = {
  attempted: 0,
  acknowledged: 0,
  returned: 0,
  nacked: 0,
  unknown: 0,
  received: 0,
  lost: 0,
  recovered: 0,
  denied: 0,
  unexpected: 0,
  duplicated: 0,
  redelivered: 0,
  resent: 0,
  unexplained: 0,
};
