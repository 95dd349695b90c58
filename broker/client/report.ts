/** What happens to a connection, in lines on the console that begin with ` [!] `. */
import type { Channel } from './channel.ts';
import type { Connection } from './connection.ts';
import { reason, replyCode } from './refusal.ts';

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
    // 320 is said by a broker that is being stopped.
    const isThere = replyCode(error) !== undefined && replyCode(error) !== 320;
    const state = isThere ? 'refuses the connection' : `is not there${everOpen ? '' : ' yet'}`;
    const until = isThere ? "until it doesn't" : 'until it is';
    const attempt = next === where ? `again ${until}` : next;
    sayOnce(`${where} ${state} (${reason(error)}). Trying ${attempt}.`);
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
    say(`The broker cancelled the consumer of '${queue}': its queue was deleted, or has moved.`);
  });
  channel.on('consuming', () => say('Consuming again.'));
  channel.on('late', () => {
    say(
      'The channel was lost before the ack. The message is delivered again, if its queue is there.',
    );
  });
}

function say(text: string): void {
  console.log(` [!] ${text}`);
}
