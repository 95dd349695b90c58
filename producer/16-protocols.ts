// 16-protocols, the sending side: sensors, one that speaks MQTT and one that speaks STOMP.
import { setTimeout as pause } from 'node:timers/promises';
import { Client as StompClient } from '@stomp/stompjs';
import { connectAsync } from 'mqtt';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { TcpWebSocket } from '../broker/client/tcp-web-socket.ts';
import { declare } from '../broker/topology/16-protocols.ts';

// A protocol and a reading, perhaps below zero, may be given: it is sent once.
const [only, given, ...more] = process.argv.slice(2);
if (!['mqtt', 'stomp', undefined].includes(only) || (only && !given) || more.length > 0) {
  console.error('Usage: [mqtt|stomp READING], such as: mqtt 21.5');
  process.exit(2);
}
const settings = loadSettings();
const { hostname, vhost, username, password } = settings.brokers[0];
const count = only ? 1 : settings.publishCount;

// AMQP is here only to declare the queue, so that no reading is lost if the reader comes later.
const connection = await connect(settings);
await declare(await connection.createChannel());

// MQTT listens on a port of its own. It knows no vhosts: RabbitMQ takes the vhost from the user's
// name, before the colon.
const mqtt = await connectAsync({
  protocol: 'mqtt',
  host: hostname,
  port: 1883,
  username: vhost === '/' ? username : `${vhost}:${username}`,
  password,
});
mqtt.on('error', (error) => console.log(` [!] MQTT: ${error.message}`));

// Quality of service 1: the broker answers with PUBACK. It is what a publisher confirm is in AMQP.
async function sendByMqtt(reading: string): Promise<void> {
  await mqtt.publishAsync('sensors/kitchen', reading, { qos: 1 });
  console.log(` [x] Sent '${reading}' to sensors/kitchen by MQTT`);
}

// STOMP takes the vhost from the header "host" of the first frame. stompjs by itself opens
// WebSockets only; here it gets a plain TCP connection to the usual port.
const stomp = new StompClient({
  webSocketFactory: () => new TcpWebSocket(hostname, 61613),
  connectHeaders: { host: vhost, login: username, passcode: password },
  reconnectDelay: 1000, // milliseconds
  onStompError: ({ headers: { message } }) => console.log(` [!] STOMP: ${message}`),
});

// This sensor connects for each reading and sleeps in between. The header "receipt" asks for a
// RECEIPT frame, which comes when the broker has the reading. If the connection is lost before, it
// is made again, and so is this.
async function sendByStomp(reading: string): Promise<void> {
  await new Promise<unknown>((resolve) => {
    stomp.onConnect = () => {
      stomp.watchForReceipt('reading', resolve);
      const headers = { receipt: 'reading' };
      stomp.publish({ destination: '/topic/sensors.garden', body: reading, headers });
    };
    stomp.activate();
  });
  await stomp.deactivate();
  console.log(` [x] Sent '${reading}' to /topic/sensors.garden by STOMP`);
}

// CTRL+C closes the AMQP connection in order, as in each lesson. The other two say DISCONNECT here.
let stopping = false;
const disconnect = () => {
  stopping = true;
  return Promise.all([mqtt.endAsync(), stomp.deactivate()]);
};
process.once('SIGTERM', disconnect).once('SIGINT', disconnect);

// In turn: a kitchen that gets warmer by MQTT, a garden that gets colder by STOMP.
for (let sent = 0; sent < count && !stopping; sent++) {
  const change = Math.floor(sent / 2) / 10;
  if ((only ?? ['mqtt', 'stomp'][sent % 2]) === 'mqtt') {
    await sendByMqtt(given ?? (20 + change).toFixed(1));
  } else {
    await sendByStomp(given ?? (10 - change).toFixed(1));
  }
  if (sent + 1 < count) await pause(settings.publishIntervalMs);
}
await disconnect();
await connection.close();
