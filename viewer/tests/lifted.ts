/** A viewer with other limits, for who measures: node tests/lifted.ts EACH SAMPLE */
import { serve } from '@hono/node-server';
import { readTemplate, serveApp } from '../server/http.ts';
import { loadSettings } from '../server/settings.ts';
import { Watch } from '../server/watch.ts';

const [each, sample] = process.argv.slice(2).map(Number) as [number, number];
const settings = loadSettings();
const watch = new Watch(settings, { each, sample });
const app = serveApp(watch, readTemplate());
serve({ fetch: app.fetch, hostname: settings.host, port: settings.port }, ({ port }) => {
  console.log(` [*] The viewer listens on port ${port}.`);
});
process.once('SIGTERM', () => void watch.stop().finally(() => process.exit()));
