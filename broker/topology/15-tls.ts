import { type PeerCertificate, TLSSocket } from 'node:tls';
import type { LabChannel } from '../channel.ts';

/** The queue of the letters. Encryption ends at the broker: in the queue they lie as they are. */
export const QUEUE = 'letters_by_tls';

/** What both sides assert. In pika: `queue_declare('letters_by_tls', durable=True)`. */
export async function declare(channel: LabChannel): Promise<void> {
  await channel.assertQueue(QUEUE, { durable: true });
}

/** How this channel's connection is encrypted, and whose certificate the broker has shown. */
export function describeEncryption(channel: LabChannel): string {
  // amqplib keeps the socket there, but its types don't say so.
  const { stream } = channel.connection as { stream?: unknown };
  if (!(stream instanceof TLSSocket)) return 'Not encrypted';
  const { subject, issuer, valid_to }: PeerCertificate = stream.getPeerCertificate();
  return (
    `${stream.getProtocol()} with ${stream.getCipher().standardName}. ` +
    `The broker is ${subject.CN}, says ${issuer.CN}, until ${valid_to}`
  );
}
