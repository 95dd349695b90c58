/** What happens to a connection, in lines on the console that begin with ` [!] `. */
import type { Channel } from './channel.ts';
import type { Connection } from './connection.ts';
import { isTlsError, reason, replyCode } from './refusal.ts';

/** What a broker says that is being stopped. Source: AMQP 0-9-1 specification, section 1.2. */
const CONNECTION_FORCED = 320;

/** Prints a line for each change, not for each attempt. */
export function report(connection: Connection): void {
  const said = new Set<string>();
  const sayOnce = (text: string) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };

  connection.on('connect', () => {
    if (said.size > 0) sayOnce(`Connected to ${connection.where}.`);
    said.clear();
  });
  connection.on('lost', (error) => {
    sayOnce(`Lost ${connection.where} (${reason(error)}). Connecting again.`);
  });
  connection.on('absent', (error, next) => {
    const { everOpen, where } = connection;
    const why = reason(error);
    const trying = (until: string) => `Trying ${next === where ? `again until ${until}` : next}.`;
    if (isTlsError(error)) {
      sayOnce(`No TLS connection to ${where} (${why}). ${trying('there is one')}`);
    } else if (replyCode(error) === undefined || replyCode(error) === CONNECTION_FORCED) {
      sayOnce(`${where} is not there${everOpen ? '' : ' yet'} (${why}). ${trying('it is')}`);
    } else {
      sayOnce(`${where} refuses the connection (${why}). ${trying("it doesn't")}`);
    }
  });
  connection.on('blocked', (why) => say(`${connection.where} takes no messages for now: ${why}.`));
  connection.on('unblocked', () => say(`${connection.where} takes messages again.`));
  connection.on('channel', (channel) => {
    reportChannel(channel, sayOnce);
    channel.on('consuming', () => said.clear());
  });
}

function reportChannel(channel: Channel, sayOnce: (text: string) => void): void {
  channel.on('lost', (error) => {
    const why = error ? reason(error) : 'by the program';
    say(`The channel was closed (${why}). Opening a new one.`);
  });
  channel.on('refused', (error) => {
    sayOnce(`What this program uses can't be had again (${reason(error)}). Trying until it can.`);
  });
  channel.on('cancelled', (queue) => {
    say(
      `The broker cancelled the consumer of '${queue}': its queue was deleted or has moved, or an ack took too long.`,
    );
  });
  channel.on('consuming', () => say('Consuming again.'));
  channel.on('late', ({ properties }) => {
    // A stream's reader goes on where it says, whatever was acknowledged.
    const isOfStream = properties.headers?.['x-stream-offset'] !== undefined;
    const then = isOfStream ? '' : ' The message is delivered again, if its queue is there.';
    say(`The channel was lost before the ack.${then}`);
  });
}

function say(text: string): void {
  console.log(` [!] ${text}`);
}
