/** The picture: boxes and edges. The dots above them are drawn by dots.ts. */
import type { Depth, Flow } from '../model/events.ts';
import type { Node, State } from '../model/state.ts';
import type { Box, Layout } from './layout.ts';
import { TIP, typeSizes } from './layout.ts';
import { big, chosen, layout, lit, shown } from './model.ts';

export function Graph() {
  const drawn = layout.value;
  const state = shown.value;
  if (!drawn) return <g id="graph" />;
  const ghosts = state.ghosts.map(({ node }) => node);
  const all = [...state.nodes, ...ghosts].filter(({ id }) => drawn.boxes.has(id));
  const kinds = new Map(
    [...state.edges, ...state.ghosts.flatMap(({ edges }) => edges)].map(({ id, kind }) => [
      id,
      kind,
    ]),
  );
  return (
    <g id="graph">
      {[...drawn.paths].map(([id, d]) => (
        <path
          key={id}
          class={`edge ${kinds.get(id) ?? ''} ${lit.value.has(id) ? 'lit' : ''}`}
          style={{ strokeWidth: widthOf(id, state) }}
          d={d}
        />
      ))}
      {all.map((node) => (
        <Shape
          key={node.id}
          node={node}
          drawn={drawn}
          state={state}
          ghost={ghosts.includes(node)}
          first={node === all[0]}
        />
      ))}
    </g>
  );
}

// The words are in the name already, in an order that makes a sentence.
const HIDDEN = { 'aria-hidden': true } as object;

// A role of the graphics module of ARIA, which preact's types don't have.
const SYMBOL = { role: 'graphics-symbol' } as object;

/** While messages are not drawn one by one, the lines tell how many there are: ten times, 3 px more. */
function widthOf(edge: string, { rates, edges }: State): string | undefined {
  const [from = '', to = ''] = edge.split(' > ');
  const rate = (id: string) => rates[id.replace(/^queue /, '')];
  const alike = edges.filter((one) => one.from === from && one.kind === 'path').length;
  const out = from.startsWith('queue ') ? (rate(from)?.out ?? 0) / Math.max(1, alike) : 0;
  const into = to.startsWith('queue ') ? (rate(to)?.in ?? 0) : 0;
  const perSecond = Math.max(out, into);
  return perSecond > 1 ? `${(1.5 + 3 * Math.log10(perSecond)).toFixed(1)}px` : undefined;
}

type Props = { node: Node; drawn: Layout; state: State; ghost: boolean; first: boolean };

function Shape({ node, drawn, state, ghost, first }: Props) {
  const box = drawn.boxes.get(node.id) as Box;
  const depth = node.kind === 'queue' ? state.depths[node.name] : undefined;
  const isChosen = chosen.value && 'node' in chosen.value && chosen.value.node === node.id;
  const classes = [
    'node',
    node.kind,
    node.implied && 'implied',
    ghost && 'ghost',
    lit.value.has(node.id) && 'lit',
    isChosen && 'chosen',
  ];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has a role; by keyboard: keys.ts
    <g
      class={classes.filter(Boolean).join(' ')}
      data-node={node.id}
      data-kind={node.kind}
      style={{ transform: `translate(${box.x}px, ${box.y}px)` }}
      {...SYMBOL}
      tabindex={first ? 0 : -1}
      aria-label={sentence(node, depth, ghost)}
      onClick={() => {
        chosen.value = { node: node.id };
      }}
    >
      <Outline kind={node.kind} box={box} />
      <g {...HIDDEN}>
        <Words node={node} box={box} depth={depth} rate={state.rates[node.name]} ghost={ghost} />
      </g>
    </g>
  );
}

function Outline({ kind, box: { width: w, height: h } }: { kind: Node['kind']; box: Box }) {
  if (kind === 'exchange') {
    const d = `M${TIP},0 H${w - TIP} L${w},${h / 2} L${w - TIP},${h} H${TIP} L0,${h / 2} Z`;
    return <path class="outline" d={d} />;
  }
  const radius = kind === 'binding' ? h / 2 : kind === 'queue' ? 4 : 14;
  return <rect class="outline" width={w} height={h} rx={radius} />;
}

type WordsProps = {
  node: Node;
  box: Box;
  depth: Depth | undefined;
  rate: Flow | undefined;
  ghost: boolean;
};

function Words({ node, box, depth, rate, ghost }: WordsProps) {
  const { title, line } = typeSizes(big.value);
  const middle = box.width / 2;
  const top = node.kind === 'binding' ? box.height / 2 + title * 0.35 : title * 1.6;
  return (
    <>
      <text class="title" x={middle} y={node.kind === 'exchange' ? box.height / 2 - 4 : top}>
        {shorten(node.title)}
      </text>
      {(ghost ? ['gone'] : node.lines).map((text, i) => (
        <text
          key={text}
          class="line"
          x={middle}
          y={(node.kind === 'exchange' ? box.height / 2 - 4 : top) + (i + 1) * line * 1.4}
        >
          {text}
        </text>
      ))}
      {node.kind === 'queue' && !ghost && (
        <Contents node={node} box={box} depth={depth} rate={rate} top={top} />
      )}
    </>
  );
}

/** The longest name that is drawn in full; the rest is in the inspector. */
const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

const SLOTS = 10;

function Contents({ node, box, depth, rate, top }: Omit<WordsProps, 'ghost'> & { top: number }) {
  const { line } = typeSizes(big.value);
  const ready = depth?.ready ?? 0;
  const unacked = depth?.unacked ?? 0;
  const slot = (box.width - 28) / SLOTS;
  // The head of the queue is at the right, where the consumers are: first what they hold.
  const hatched = Math.min(unacked, SLOTS);
  const solid = Math.min(ready, SLOTS - hatched);
  const kind = (place: number) =>
    place < hatched ? 'unacked' : place < hatched + solid ? 'ready' : '';
  const row = top + line * 0.7;
  return (
    <>
      {Array.from({ length: SLOTS }, (_, place) => (
        <rect
          key={place}
          class={`slot ${kind(place)}`}
          x={14 + (SLOTS - 1 - place) * slot + 1}
          y={row}
          width={slot - 2}
          height={line}
        />
      ))}
      <text class="depth" x={box.width / 2} y={row + line * 2.4}>
        {depth ? `${ready} ready · ${unacked} unacked` : 'depth not known yet'}
      </text>
      {rate && (
        <text class="line" x={box.width / 2} y={box.height + line * 1.2}>
          {Math.round(rate.in)}/s in · {Math.round(rate.out)}/s out
        </text>
      )}
      {node.badges.length > 0 && (
        <text class="badges" x={box.width / 2} y={row + line * 4.1}>
          {node.badges.join('  ·  ')}
          {depth && !depth.live ? '  ·  counted every 5 s' : ''}
        </text>
      )}
    </>
  );
}

/** What a screen reader says. */
export function sentence(node: Node, depth: Depth | undefined, ghost = false): string {
  const parts = [`${node.kind} ${node.title}`, ...node.lines, ...node.badges];
  if (depth) parts.push(`${depth.ready} ready, ${depth.unacked} unacked`);
  if (ghost) parts.push('gone');
  return parts.filter(Boolean).join(', ');
}
