// 14-users-and-vhosts, the sending side: orders, sent as the user and in the vhost of the settings.
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { MessageError } from '../broker/client/errors.ts';
import { declare, ORDERS } from '../broker/topology/14-users-and-vhosts.ts';

// With the word "check" this program declares nothing, and only asks whether the exchange is there.
// It then works for a user who may not configure anything. Further words are one order.
const words = process.argv.slice(2);
const check = words[0] === 'check';
const given = words.slice(check ? 1 : 0).join(' ');
const settings = loadSettings();
const [address] = settings.brokers;
const count = given ? 1 : settings.publishCount;

// Here the first two doors are: the broker must know the user, and let the user into the vhost.
const connection = await connect(settings);
const channel = await connection.createChannel();

// And this is the third one. A refusal at any of them ends the program with the broker's words.
if (check) await channel.checkExchange(ORDERS);
else await declare(channel);

for (let sent = 0; sent < count; sent++) {
  if (sent > 0) await pause(settings.publishIntervalMs);
  const order = given || `Order ${sent + 1}`;
  try {
    // The permission to write is looked at now, with the message: a refusal closes the channel.
    await channel.publish(ORDERS, '', Buffer.from(order), { persistent: true });
    console.log(` [x] Sent '${order}' as ${address.username} in ${address.vhost}`);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    console.log(` [x] Refused '${order}': ${error.message}`);
    process.exitCode = 1;
    break;
  }
}

await connection.close();
