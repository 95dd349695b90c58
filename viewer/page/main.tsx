/** Starts the page: on the server's events, or on the recording that the file carries. */
import { render } from 'preact';
import type { Ev, Header } from '../model/events.ts';
import type { State } from '../model/state.ts';
import { Banner, Bar } from './bar.tsx';
import { Dialogs } from './dialogs.tsx';
import { Dots } from './dots.ts';
import { Graph } from './graph.tsx';
import { Inspector } from './inspector.tsx';
import { onKey } from './keys.ts';
import { layOut } from './layout.ts';
import { inspect, List } from './list.tsx';
import { begin, big, connected, layout, lit, offline, player, shown, status } from './model.ts';
import { Summary } from './summary.tsx';

/** The page is narrow: the picture goes downwards. */
const NARROW_PX = 700;
/** The text never gets smaller than it is meant to: a wide picture is scrolled. */
const LEAST_SCALE = 1;
const MOST_SCALE = 1.7;
/** Of the stage around the picture, on both sides. */
const PADDING_PX = 18;
/** The words and numbers change at most so often; the dots move in each frame. */
const WORDS_MS = 100;

// A role of the graphics module of ARIA, which preact's types don't have.
const GRAPHICS = { role: 'graphics-document', 'aria-roledescription': 'graph' } as object;
const HIDDEN = { 'aria-hidden': true } as object;

const stillness = matchMedia('(prefers-reduced-motion: reduce)');

function App() {
  const drawn = layout.value;
  const wide = drawn && `0 0 ${drawn.width} ${drawn.height}`;
  return (
    <>
      <Bar />
      <Banner />
      <main>
        <section
          class="stage"
          id="stage"
          aria-label="Picture of the broker"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
          tabIndex={0}
        >
          {drawn && drawn.boxes.size === 0 && (
            <p class="hint">Nothing is declared here yet. Start a lesson: make up</p>
          )}
          <svg
            id="picture"
            viewBox={wide}
            style={drawn && sizeOnStage(drawn)}
            {...GRAPHICS}
            aria-label="Producers, exchanges, bindings, queues and consumers"
          >
            <defs>
              <pattern
                id="hatch"
                width="6"
                height="6"
                patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)"
              >
                <rect width="3" height="6" class="hatch" />
              </pattern>
            </defs>
            <Graph />
            {/* What they show is told by the list too. */}
            <g id="dots" {...HIDDEN} />
          </svg>
        </section>
        <aside>
          <Inspector />
          <List />
        </aside>
      </main>
      <Summary />
      <Dialogs />
    </>
  );
}

function sizeOnStage({ width, height }: { width: number; height: number }) {
  const stage = document.querySelector('#stage');
  const scaleTo = (room = 0, size: number) => (room - PADDING_PX) / Math.max(1, size);
  // All of it in sight, where that leaves it readable.
  const wanted = Math.min(scaleTo(stage?.clientWidth, width), scaleTo(stage?.clientHeight, height));
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, wanted));
  return { width: `${Math.round(width * scale)}px`, height: `${Math.round(height * scale)}px` };
}

function start(): void {
  const kept = document.querySelector('#recording')?.textContent;
  offline.value = kept !== undefined && kept !== null;
  render(<App />, document.querySelector('#app') as Element);
  addEventListener('keydown', onKey);
  // For a look at one moment of what was seen: dispatchEvent(new CustomEvent('show-at', {detail: t}))
  addEventListener('show-at', (event) => player.showAt((event as CustomEvent<number>).detail));
  addEventListener('resize', () => {
    layout.value = layout.value && { ...layout.value, key: '' };
  });
  if (kept) openRecording(kept);
  else listen();
  requestAnimationFrame(draw);
}

function openRecording(text: string): void {
  const lines = text.trim().split('\n');
  // The last line of a recording that was cut off may be half a line.
  const values = lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
  const [first, ...events] = values as [Header, ...Ev[]];
  const all = Number.POSITIVE_INFINITY;
  begin(first, { ms: all, events: all, bytes: all });
  player.playsRecording();
  for (const event of events) player.history.append(event);
  player.replay(all);
}

function listen(): void {
  const source = new EventSource('/events');
  source.addEventListener('open', () => {
    connected.value = true;
  });
  source.addEventListener('error', () => {
    connected.value = false;
  });
  source.addEventListener('header', (event) => {
    begin(JSON.parse(event.data));
    player.live();
  });
  source.addEventListener('message', ({ data }) => {
    const event: Ev = JSON.parse(data);
    late = Math.max(late, player.hear(event, performance.now()));
    player.history.append(event, data.length);
  });
}

/** How late an event came at worst since the last look, in milliseconds: for whoever measures. */
let late = 0;
setInterval(() => {
  document.documentElement.dataset.late = String(Math.round(late));
  late = 0;
}, 1000);

let dots: Dots | undefined;
let wordsAt = 0;
let wordsOf: State | undefined;

function draw(now: number): void {
  requestAnimationFrame(draw);
  if (!isMakingRoom(now)) player.tick(now);
  const { state, phase, speed } = player;
  const isDue = phase !== 'live' || now - wordsAt >= WORDS_MS;
  if (isDue && state !== wordsOf) {
    wordsOf = state;
    wordsAt = now;
    shown.value = state;
  }
  const newer = phase === 'live' ? 0 : player.newer;
  const was = status.value;
  if (was.phase !== phase || was.newer !== newer || was.speed !== speed) {
    status.value = { phase, newer, speed };
  }
  arrange(state);
  const isArranged = layout.value?.key === arranging;
  document.documentElement.dataset.arranged = String(isArranged);
  const layer = document.querySelector<SVGGElement>('#dots');
  if (!layer || !layout.value) return;
  dots ??= new Dots(layer, inspect);
  const shining = dots.draw(state, player.playhead, layout.value, {
    still: stillness.matches,
    isArranged,
  });
  if (!sameSet(shining, lit.value)) lit.value = shining;
}

let arranging = '';
let arrangingSince = 0;
/** No longer than this, or the page would be late. */
const MOST_ROOM_MS = 700;

/** While a new box gets its place the dots wait: else the first of them would have no way to go. */
function isMakingRoom(now: number): boolean {
  const isLate = now - arrangingSince > MOST_ROOM_MS;
  return player.phase === 'live' && layout.value?.key !== arranging && !isLate;
}

/** Lays out again when what is drawn has changed; until that is done, the picture stays. */
function arrange(state: State): void {
  const nodes = [...state.nodes, ...state.ghosts.map(({ node }) => node)];
  const edges = [...state.edges, ...state.ghosts.flatMap((ghost) => ghost.edges)];
  const shape = { down: innerWidth < NARROW_PX, big: big.value };
  const key = JSON.stringify([
    nodes.map(({ id, title, lines, badges }) => [id, title, lines, badges]),
    edges.map(({ id }) => id),
    shape,
  ]);
  if (key === arranging && layout.value?.key !== '') return;
  if (key === arranging && layout.value) {
    layout.value = { ...layout.value, key };
    return;
  }
  arranging = key;
  arrangingSince = performance.now();
  const there = new Set(nodes.map(({ id }) => id));
  const drawable = [...new Map(edges.map((edge) => [edge.id, edge])).values()].filter(
    ({ from, to }) => there.has(from) && there.has(to),
  );
  void layOut(nodes, drawable, shape, key).then((next) => {
    if (next.key !== arranging) return;
    layout.value = next;
    if (shape.down) requestAnimationFrame(showFirst);
  });
}

let isShown = false;

/** On a narrow page the picture is wider than it: it opens on where the messages come from. */
function showFirst(): void {
  const first = document.querySelector('.node.producer, .node.exchange, .node');
  if (isShown || !first) return;
  isShown = first.classList.contains('producer');
  first.scrollIntoView({ inline: 'center', block: 'start' });
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

// The recording stands after this script in the file.
document.addEventListener('DOMContentLoaded', start);
