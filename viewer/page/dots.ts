/** The dots: drawn anew in each animation frame, straight into the SVG. */
import { type Before, type Dot, frame } from '../model/frame.ts';
import { KEPT_MS } from '../model/reduce.ts';
import type { Kind, State } from '../model/state.ts';
import { type Layout, straight } from './layout.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** What a dot of each kind looks like: never its colour alone. */
const SIGNS: Record<Kind, string> = {
  publish: '',
  route: '',
  deliver: '',
  redeliver: '↻',
  unroutable: '✕',
  dropped: '✕',
  returned: '◁',
  'dropped or returned': '✕',
  dead: '◆',
  back: '↻',
  'not stored': '✕',
  left: '⧖',
};
const SAID: Partial<Record<Kind, string>> = {
  unroutable: 'no queue',
  dropped: 'no queue: dropped',
  returned: 'returned',
  'dropped or returned': 'dropped or returned',
  'not stored': 'not stored',
};

/** Above so many publishes in sight the keys beside the dots could not be read. */
const MOST_LABELS = 6;

type How = { still: boolean; isArranged: boolean };

export class Dots {
  readonly #layer: SVGGElement;
  readonly #select: (seq: number) => void;
  readonly #elements = new Map<string, SVGGElement>();
  readonly #paths = new Map<string, SVGPathElement>();
  #layout: Layout | undefined;
  #before: Before = { playhead: 0, seq: 0 };

  constructor(layer: SVGGElement, select: (seq: number) => void) {
    this.#layer = layer;
    this.#select = select;
  }

  /**
   * Returns what is lit: bindings, and with reduced motion the edges instead of moving dots. While
   * the layout lags behind the state, a new box has no place yet: what goes to it is drawn later.
   */
  draw(state: State, playhead: number, layout: Layout, how: How): Set<string> {
    const { still, isArranged } = how;
    if (layout !== this.#layout) this.#paths.clear();
    this.#layout = layout;
    // Where the playhead was put elsewhere there is nothing to make up for.
    const before = this.#before;
    const isNext = playhead > before.playhead && playhead - before.playhead < KEPT_MS;
    const { dots, lit } = frame(state, playhead, isNext ? before : undefined);
    if (isArranged || !isNext) this.#before = { playhead, seq: state.seq };
    const seen = new Set<string>();
    const isQuiet = dots.length <= MOST_LABELS;
    const shining = new Set(lit);
    for (const dot of dots) {
      const at = this.#place(dot, still);
      if (!at) continue;
      // A dot that another one has joined is drawn anew, with their number.
      const key = `${dot.kind} ${dot.ids.join()}`;
      seen.add(key);
      if (still && dot.edge) shining.add(dot.edge);
      const element = this.#elements.get(key) ?? this.#make(dot, key);
      element.setAttribute('transform', `translate(${at.x} ${at.y})`);
      // Beside the dot on its way, not across the box that it comes from.
      const isFree = dot.node !== undefined || (dot.at > 0.35 && dot.at < 0.85);
      const isAway = dot.node !== undefined || dot.at < 0.6; // not across the exchange's name
      const text = (isAway && SAID[dot.kind]) || (isQuiet && isFree ? dot.label : '');
      const label = element.lastChild as SVGTextElement;
      if (label.textContent !== text) write(label, text);
    }
    for (const [id, element] of this.#elements) {
      if (seen.has(id)) continue;
      element.remove();
      this.#elements.delete(id);
    }
    return shining;
  }

  #place({ edge, node, at, kind }: Dot, still: boolean): { x: number; y: number } | undefined {
    if (node !== undefined) {
      const box = this.#layout?.boxes.get(node);
      return box && { x: round(box.x + box.width / 2), y: round(box.y) };
    }
    const path = this.#pathOf(edge ?? '');
    if (!path) return undefined;
    // What came back is where it came back to: half way, the exchange's words would be across it.
    const stays = kind === 'returned' ? 0 : 0.5;
    const { x, y } = path.getPointAtLength(path.getTotalLength() * (still ? stays : at));
    return { x: round(x), y: round(y) };
  }

  #pathOf(edge: string): SVGPathElement | undefined {
    const known = this.#paths.get(edge);
    if (known) return known;
    const d = this.#layout?.paths.get(edge) ?? this.#straight(edge);
    if (!d) return undefined;
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    this.#paths.set(edge, path);
    return path;
  }

  #straight(edge: string): string | undefined {
    const [from = '', to = ''] = edge.replace(/^dead /, '').split(' > ');
    const [a, b] = [this.#layout?.boxes.get(from), this.#layout?.boxes.get(to)];
    return a && b && straight(a, b);
  }

  #make(dot: Dot, key: string): SVGGElement {
    const group = document.createElementNS(SVG, 'g');
    group.setAttribute('class', `dot ${dot.kind.replaceAll(' ', '-')} ${dot.proof}`);
    group.setAttribute('data-seq', dot.seqs.join(' '));
    group.setAttribute('data-kind', dot.kind);
    group.setAttribute('data-ids', JSON.stringify(dot.ids));
    const hit = part(group, 'circle', { class: 'hit', r: '16' });
    hit.addEventListener('pointerdown', () => this.#select(dot.seqs[0] ?? 0));
    const sign = SIGNS[dot.kind];
    if (dot.ids.length > 1) {
      const width = 18 + 9 * String(dot.ids.length).length;
      part(group, 'rect', {
        class: 'body',
        x: String(-width / 2),
        y: '-11',
        width: String(width),
        height: '22',
        rx: '11',
      });
    } else {
      if (dot.kind === 'redeliver') part(group, 'circle', { class: 'ring', r: '12' });
      part(group, 'circle', { class: 'body', r: sign ? '10' : '8' });
    }
    const inner = part(group, 'text', { class: 'sign' });
    inner.textContent = dot.ids.length > 1 ? `×${dot.ids.length}` : sign;
    part(group, 'rect', { class: 'chip', rx: '4', x: '0', y: '0', width: '0', height: '0' });
    part(group, 'text', { class: 'label', y: '-16' });
    this.#layer.append(group);
    this.#elements.set(key, group);
    return group;
  }
}

/** A box behind the words keeps them apart from the names that they pass. */
function write(label: SVGTextElement, text: string): void {
  label.textContent = text;
  const chip = label.previousElementSibling as SVGRectElement;
  const { x, y, width, height } = text ? label.getBBox() : { x: 0, y: 0, width: 0, height: 0 };
  const margin = text ? 4 : 0;
  chip.setAttribute('x', String(x - margin));
  chip.setAttribute('y', String(y));
  chip.setAttribute('width', String(width + 2 * margin));
  chip.setAttribute('height', String(height));
}

function part(parent: Element, name: string, attributes: Record<string, string>): Element {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

const round = (n: number) => Math.round(n * 10) / 10;
