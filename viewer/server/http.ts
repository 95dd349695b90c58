/** The page, its events and what it may do. For this machine's own browser only. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import { pageFor, policyFor, recordingOf } from './html.ts';
import { Refusal } from './management.ts';
import type { Watch } from './watch.ts';

/** A page that is slower than this many events is sent the state anew. */
const MOST_UNSENT = 5000;
const MOST_BODY = 256 * 1024;

export function serveApp(watch: Watch, template: string): Hono {
  const token = randomBytes(24).toString('base64url');
  const app = new Hono();

  // Another site's page, by way of a name that leads to this machine, gets nothing.
  app.use(async (c, next) => {
    const name = new URL(c.req.url).hostname;
    if (!LOCAL.test(name)) return c.text(`This page is served to localhost, not to ${name}.`, 403);
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Frame-Options', 'DENY');
    c.header('Cache-Control', 'no-store');
    return undefined;
  });

  app.get('/', (c) => {
    c.header('Content-Security-Policy', policyFor(template));
    return c.html(pageFor(template, token));
  });

  // Each browser asks for it; an error in its console would say that something is wrong.
  app.get('/favicon.ico', (c) => c.body(null, 204));

  app.get('/recording.html', (c) => {
    const { header, past } = watch.recording;
    c.header('Content-Disposition', 'attachment; filename="rabbitmq-recording.html"');
    return c.html(recordingOf(template, header, past));
  });

  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      const unsent: [seq: number, line: string][] = [];
      let more = Promise.withResolvers<void>();
      let isOpen = true;
      const { header, past, leave } = watch.join(({ seq }, line) => {
        unsent.push([seq, line]);
        if (unsent.length > MOST_UNSENT) stream.abort(); // the browser asks again by itself
        more.resolve();
      });
      stream.onAbort(() => {
        isOpen = false;
        leave();
        more.resolve();
      });
      // A page that was here before goes on where it was, if that is still known.
      const last = Number(c.req.header('last-event-id') ?? Number.NaN);
      const isKnown = past.some(({ seq }) => seq === last);
      if (!isKnown) await stream.writeSSE({ event: 'header', data: JSON.stringify(header) });
      for (const event of isKnown ? past.filter(({ seq }) => seq > last) : past) {
        await stream.writeSSE({ id: String(event.seq), data: JSON.stringify(event) });
      }
      await stream.writeSSE({ event: 'now', data: '' });
      while (isOpen) {
        const batch = unsent.splice(0);
        if (batch.length > 0) {
          await stream.write(batch.map(([seq, line]) => `id: ${seq}\ndata: ${line}\n\n`).join(''));
        } else {
          more = Promise.withResolvers();
          if (unsent.length === 0) await more.promise;
        }
      }
    }),
  );

  app.use('/do/*', csrf(), bodyLimit({ maxSize: MOST_BODY }), async (c, next) => {
    if (c.req.header('x-token') !== token) {
      return c.json(
        { error: 'This page is of an earlier start of the viewer: load it again.' },
        403,
      );
    }
    return next();
  });
  app.post('/do/publish', async (c) => {
    const asked = await c.req.json();
    const text = (name: string) => String(asked[name] ?? '');
    await watch.publish({
      exchange: text('exchange'),
      key: text('key'),
      body: text('body'),
      headers: tableOf(asked.headers),
      properties: pick(tableOf(asked.properties)),
    });
    return c.json({ done: 'published' });
  });
  app.post('/do/purge', async (c) => {
    await watch.management.purge(String((await c.req.json()).queue));
    return c.json({ done: 'purged' });
  });
  app.post('/do/close', async (c) => {
    await watch.management.close(String((await c.req.json()).connection));
    return c.json({ done: 'closed' });
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    const status = error instanceof Refusal && error.status < 500 ? 400 : 502;
    return c.json({ error: error.message }, status);
  });
  return app;
}

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const PROPERTIES = [
  'contentType',
  'messageId',
  'correlationId',
  'replyTo',
  'expiration',
  'priority',
  'persistent',
  'type',
];

function tableOf(given: unknown): Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given)
    ? (given as Record<string, unknown>)
    : {};
}

function pick(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    PROPERTIES.flatMap((name) => (name in properties ? [[name, properties[name]]] : [])),
  );
}

/** Built once, when the image is made. */
export function readTemplate(): string {
  return readFileSync(new URL('../dist/viewer.html', import.meta.url), 'utf8');
}
