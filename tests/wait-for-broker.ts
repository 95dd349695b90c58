/** Runs before each file that needs the broker: it may have been started a moment ago. */
import { vi } from 'vitest';
import { callApi } from './broker.ts';

const ready = () => callApi('GET', '/api/health/checks/port-listener/5672');
await vi.waitFor(ready, { timeout: 60_000, interval: 100 });
