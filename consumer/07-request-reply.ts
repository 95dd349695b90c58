// 07-request-reply, the side that answers: a server that knows the Fibonacci numbers.
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../broker/client/connect.ts';

if (process.argv.length > 2) {
  console.error('Usage: without words; the number is given to the producer, such as: 30');
  process.exit(2);
}

// The queue of the requests. The answers' way back is not declared here: each client has its own.
const connection = await connect();
const channel = await connection.createChannel();
await channel.assertQueue('rpc_queue', { durable: false });

// One request at a time. While this server works, the next request goes to another one.
await channel.prefetch(1);

// The work takes 50 ms for each step: fib(30) takes a second and a half, so that you can do
// something to this program in the middle of it.
await channel.consume('rpc_queue', async (request) => {
  const text = request.content.toString();
  console.log(` [.] fib(${text})`);
  const isNumber = /^\d{1,3}$/.test(text);
  if (isNumber) await pause(50 * Number(text));
  const result = isNumber ? `${fib(Number(text))}` : `fib needs a number from 0 to 999`;

  // The reply goes where the request says, and it carries the request's correlation id. The ack
  // comes last: if this server dies before, the request goes to another one.
  const { replyTo, correlationId } = request.properties;
  if (replyTo) await channel.publish('', replyTo, Buffer.from(result), { correlationId });
  channel.ack(request);
});
console.log(' [x] Awaiting RPC requests');

function fib(n: number): bigint {
  let [now, next] = [0n, 1n];
  for (let i = 0; i < n; i++) [now, next] = [next, now + next];
  return now;
}
