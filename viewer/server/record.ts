/**
 * Writes what the running viewer sees to standard output, as a page that opens without a broker.
 * `make view RECORD=file` runs it. It goes on until its input ends: with CTRL+C there.
 */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { lineOf, startOfRecording } from './html.ts';
import { readTemplate } from './http.ts';
import { loadSettings } from './settings.ts';

// Who started it is gone: within a container no signal tells of that, but the end of its input does.
process.stdin.on('end', () => process.exit(0)).resume();
process.stdout.on('error', () => process.exit(0));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));

const { body } = await fetch(`http://127.0.0.1:${loadSettings().port}/events`);
if (!body) throw new Error('The viewer sent no events.');
let kind = '';
for await (const line of createInterface(Readable.fromWeb(body as ReadableStream))) {
  const [, field = '', text = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
  if (field === 'event') kind = text;
  if (field !== 'data' || text === '') continue;
  const value = JSON.parse(text);
  process.stdout.write(kind === 'header' ? startOfRecording(readTemplate(), value) : lineOf(value));
  kind = '';
}
