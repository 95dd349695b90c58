/** The list of events. One line each; the latest is at the top. */
import { signal } from '@preact/signals';
import type { Row } from '../model/state.ts';
import { chosen, clockTime, isStep, player, shown } from './model.ts';

const MOST_SHOWN = 80;
export const filter = signal('');

export function List() {
  const rows = shown.value.rows.filter(fits).slice(-MOST_SHOWN).toReversed();
  return (
    <section class="list" aria-label="Events">
      <label class="filter">
        <span>Filter</span>
        <input
          id="filter"
          type="search"
          placeholder="a key, a name, a word"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
      </label>
      <div
        class="rows"
        role="log"
        aria-live="off"
        aria-label="Events, the latest first"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
      >
        {withKeys(rows).map(([key, row]) => (
          <Line key={key} row={row} />
        ))}
      </div>
    </section>
  );
}

/** A line keeps its element while others come: of one event there may be several that are alike. */
function withKeys(rows: Row[]): [key: string, row: Row][] {
  const alike = new Map<string, number>();
  return rows.map((row) => {
    const name = `${row.seq} ${row.verb} ${row.msg}`;
    const nth = (alike.get(name) ?? 0) + 1;
    alike.set(name, nth);
    return [`${name} ${nth}`, row];
  });
}

function fits({ verb, path, key, mark, msg }: Row): boolean {
  const text = `${verb} ${path} ${key} ${mark} ${msg}`.toLowerCase();
  return text.includes(filter.value.toLowerCase());
}

function Line({ row }: { row: Row }) {
  const isChosen = chosen.value && 'seq' in chosen.value && chosen.value.seq === row.seq;
  return (
    <button
      type="button"
      class={`row ${row.verb.replaceAll(' ', '-')} ${isChosen ? 'chosen' : ''}`}
      data-seq={row.seq}
      tabIndex={-1}
      onClick={() => inspect(row.seq)}
    >
      <time>{clockTime(row.t)}</time>
      <b>{row.verb}</b>
      <span class="path">{row.path}</span>
      {row.key && <code>{row.key}</code>}
      {row.mark && <em>{row.mark}</em>}
    </button>
  );
}

/** Shows what there is to know; while the picture stands still, also its moment. */
export function inspect(seq: number): void {
  chosen.value = { seq };
  const event = player.history.events[player.history.indexAfter(seq - 1)];
  if (player.phase !== 'live' && event?.seq === seq && isStep(event)) player.show(seq);
}
