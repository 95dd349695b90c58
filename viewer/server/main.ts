/** Starts the viewer: serves the page, and leaves the broker as it should be when it ends. */
import { serve } from '@hono/node-server';
import { readTemplate, serveApp } from './http.ts';
import { loadSettings } from './settings.ts';
import { Watch } from './watch.ts';

const settings = loadSettings();
const watch = new Watch(settings);
// One that was killed couldn't switch tracing off.
void watch.clearUp();

const app = serveApp(watch, readTemplate());
const server = serve({ fetch: app.fetch, hostname: settings.host, port: settings.port }, (at) => {
  console.log(` [*] The viewer listens on port ${at.port}.`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    server.close();
    const failed = await watch.stop().catch((error: Error) => error);
    if (failed) console.error(` [!] Tracing may still be on: ${failed.message}`);
    process.exit(failed ? 1 : 0);
  });
}
