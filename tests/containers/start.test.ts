/** Nothing runs yet: the containers were only made. The programs are started first, the broker last. */
import { test } from 'vitest';
import { containersOf, type LabContainer } from './docker.ts';

const [broker] = (await containersOf('broker')) as [LabContainer];
const [producer] = (await containersOf('producer')) as [LabContainer];
const [consumer] = (await containersOf('consumer')) as [LabContainer];

test('producer and consumer say that the broker is not there yet, and go on once it is', async () => {
  await Promise.all([producer.start(), consumer.start()]);
  const absent = /^ \[!\] broker:5672 is not there yet/;
  await Promise.all([producer.waitForLine(absent), consumer.waitForLine(absent)]);

  await broker.start();

  await producer.waitForLine(/^ \[x\] Sent 'Hello World!'$/);
  await consumer.waitForLine(/^ \[x\] Received 'Hello World!'$/);
  await Promise.all([producer.stop(2), consumer.stop(2)]);
});
