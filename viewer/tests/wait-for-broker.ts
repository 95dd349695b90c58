import { api, until } from './broker.ts';

await until(async () => {
  await api('GET', 'overview');
}, 60_000);
