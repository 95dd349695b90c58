/** For who doesn't see the picture: what has changed, every five seconds, in one sentence. */
import { signal } from '@preact/signals';
import { shown } from './model.ts';

const EVERY_MS = 5000;
const said = signal('');

setInterval(() => {
  const { depths, nodes, rows, t } = shown.value;
  const latest = rows.filter((row) => row.t > t - EVERY_MS);
  const count = (verb: string) => latest.filter((row) => row.verb === verb).length;
  const queues = nodes
    .filter(({ kind }) => kind === 'queue')
    .map(({ title, name }) => `${title} ${depths[name]?.ready ?? 0} ready`);
  said.value = `${count('publish')} published, ${count('deliver')} delivered. ${queues.join(', ')}.`;
}, EVERY_MS);

export function Summary() {
  return (
    <p class="hidden" aria-live="polite">
      {said.value}
    </p>
  );
}
