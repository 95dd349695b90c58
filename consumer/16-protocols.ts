// 16-protocols, the receiving side: one reader for each way out. All three get every reading.
import { Client as StompClient } from '@stomp/stompjs';
import { connectAsync } from 'mqtt';
import { loadSettings } from '../broker/client/config.ts';
import { connect } from '../broker/client/connect.ts';
import { declare, QUEUE } from '../broker/topology/16-protocols.ts';

const settings = loadSettings();
const { hostname, vhost, username, password } = settings.brokers[0];

// By AMQP, from a queue that has a name and stays. The broker neither knows nor tells by which
// protocol a message came in: you will see a routing key with dots, whoever has sent it.
const connection = await connect(settings);
const channel = await connection.createChannel();
await declare(channel);
await channel.consume(QUEUE, (message) => {
  console.log(` [x] Received '${message.content}' from ${message.fields.routingKey} by AMQP`);
  channel.ack(message);
});

// By MQTT in a WebSocket, as a program in a browser would. For MQTT the words of a topic have
// slashes between them; the broker puts dots there, and slashes again on the way out.
const mqtt = await connectAsync({
  protocol: 'ws',
  host: hostname,
  port: 15675,
  path: '/ws',
  username: vhost === '/' ? username : `${vhost}:${username}`,
  password,
});
mqtt.on('error', (error) => console.log(` [!] MQTT: ${error.message}`));
mqtt.on('message', (topic, content) => {
  console.log(` [x] Received '${content}' from ${topic} by MQTT in a WebSocket`);
});
await mqtt.subscribeAsync('sensors/#');

// By STOMP in a WebSocket. Its destination /topic/... is a routing key after the second slash. The
// subscription is made anew on each connection, and is there when its receipt has come.
const stomp = new StompClient({
  brokerURL: `ws://${hostname}:15674/ws`,
  connectHeaders: { host: vhost, login: username, passcode: password },
  reconnectDelay: 1000, // milliseconds
  onStompError: ({ headers: { message } }) => console.log(` [!] STOMP: ${message}`),
});
stomp.onConnect = () => {
  stomp.watchForReceipt('subscribed', () => {
    console.log(' [*] Waiting for messages. To exit press CTRL+C');
  });
  stomp.subscribe(
    '/topic/sensors.#',
    ({ headers: { destination }, body }) => {
      console.log(` [x] Received '${body}' from ${destination} by STOMP in a WebSocket`);
    },
    { receipt: 'subscribed' },
  );
};
stomp.activate();

// CTRL+C closes the AMQP connection in order, as in each lesson. The other two say DISCONNECT here.
const disconnect = () => Promise.all([mqtt.endAsync(), stomp.deactivate()]);
process.once('SIGTERM', disconnect).once('SIGINT', disconnect);
