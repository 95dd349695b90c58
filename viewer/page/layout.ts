/** Where the boxes are, and how the edges run: elkjs decides. */
import Elk, { type ELK, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Edge, Node } from '../model/state.ts';

export type Box = { x: number; y: number; width: number; height: number };
export type Layout = {
  key: string;
  width: number;
  height: number;
  boxes: Map<string, Box>;
  /** SVG paths, in the direction of the messages. */
  paths: Map<string, string>;
};
export type Shape = { down: boolean; big: boolean };

type Point = { x: number; y: number };

// Its types speak of an ES module's default; it is a CommonJS module, whose export is the class.
const elk: ELK = new (Elk as unknown as new () => ELK)();
const pen = document.createElement('canvas').getContext('2d');

/** The sizes of type, in pixels: at the desk, and for the back row. */
export const typeSizes = (big: boolean) =>
  big ? { title: 24, line: 18 } : { title: 16, line: 14 };

export async function layOut(
  nodes: Node[],
  edges: Edge[],
  shape: Shape,
  key: string,
): Promise<Layout> {
  const column = new Map(nodes.map((node) => [node.id, node.column]));
  const graph: ElkNode = await elk.layout({
    id: 'all',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': shape.down ? 'DOWN' : 'RIGHT',
      'elk.partitioning.activate': 'true',
      'elk.edgeRouting': 'SPLINES',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      'elk.layered.crossingMinimization.forceNodeModelOrder': 'true',
      'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
      'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
      // Downwards there is room for the words above a dot, below a dot at the row before.
      'elk.layered.spacing.nodeNodeBetweenLayers': shape.down ? '48' : '40',
      'elk.spacing.nodeNode': shape.down ? '16' : '24',
      'elk.spacing.edgeNode': '16',
      // With the words above a dot on the uppermost box.
      'elk.padding': `[top=${shape.down ? 16 : 40},left=16,bottom=16,right=16]`,
      'elk.separateConnectedComponents': 'false',
    },
    children: nodes.map((node) => ({
      id: node.id,
      ...sizeOf(node, shape),
      layoutOptions: { 'elk.partitioning.partition': String(node.column) },
    })),
    // Partitions and cycles don't go together: what leads back enters with its ends swapped.
    edges: edges.map(({ id, from, to }) =>
      (column.get(from) ?? 0) <= (column.get(to) ?? 0)
        ? { id, sources: [from], targets: [to] }
        : { id, sources: [to], targets: [from] },
    ),
  });
  const boxes = new Map(
    (graph.children ?? []).map(({ id, x = 0, y = 0, width = 0, height = 0 }) => [
      id,
      { x, y, width, height },
    ]),
  );
  const isHexagon = new Set(nodes.filter(({ kind }) => kind === 'exchange').map(({ id }) => id));
  const paths = new Map<string, string>();
  for (const { id, sections } of graph.edges ?? []) {
    const section = sections?.[0];
    if (!section) continue;
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    const edge = edges.find((one) => one.id === id);
    const [from, to] = [edge?.from ?? '', edge?.to ?? ''];
    const isSwapped = (column.get(from) ?? 0) > (column.get(to) ?? 0);
    const forward = isSwapped ? points.toReversed() : points;
    const [start, end] = [forward[0], forward.at(-1)] as [Point, Point];
    const tip = (node: string, point: Point) =>
      isHexagon.has(node) ? onHexagon(boxes.get(node) as Box, point) : point;
    paths.set(id, pathThrough([tip(from, start), ...forward.slice(1, -1), tip(to, end)]));
  }
  return { key, width: graph.width ?? 0, height: graph.height ?? 0, boxes, paths };
}

/** How far the tips of an exchange's hexagon stand out, left and right. */
export const TIP = 22;

/** Where a line that ends at a hexagon's box meets the hexagon itself. */
function onHexagon({ x, y, width, height }: Box, point: Point): Point {
  const [left, right, half] = [point.x - x, x + width - point.x, height / 2];
  const above = point.y - y - half;
  // At its side: as far in as the slope is at this height. At its top or bottom: near the tips only.
  const slope = (TIP * Math.abs(above)) / half;
  if (left < 1) return { ...point, x: x + slope };
  if (right < 1) return { ...point, x: x + width - slope };
  const near = Math.min(left, right);
  if (near >= TIP) return point;
  return { ...point, y: y + half + Math.sign(above) * (near / TIP) * half };
}

/** A way that no binding explains: straight across. */
export function straight(from: Box, to: Box): string {
  const y = (box: Box) => box.y + box.height / 2;
  return `M${from.x + from.width},${y(from)} L${to.x},${y(to)}`;
}

function pathThrough([from, ...rest]: Point[]): string {
  const at = ({ x, y }: Point) => `${round(x)},${round(y)}`;
  const start = `M${at(from as Point)}`;
  if (rest.length % 3 !== 0) return [start, ...rest.map((point) => `L${at(point)}`)].join(' ');
  const curves = rest.map((point, i) => (i % 3 === 0 ? `C${at(point)}` : at(point)));
  return [start, ...curves].join(' ');
}

const round = (n: number) => Math.round(n * 10) / 10;

export function sizeOf(node: Node, { big }: Shape): { width: number; height: number } {
  const { title, line } = typeSizes(big);
  const scale = line / 14;
  const widest = Math.max(
    textWidth(node.title, title, node.kind === 'binding' ? MONO : '600 px system-ui'),
    ...node.lines.map((text) => textWidth(text, line, 'px system-ui')),
  );
  switch (node.kind) {
    case 'binding':
      return {
        width: Math.ceil(Math.min(widest, 22 * title)) + 28,
        height: Math.ceil(title * 1.9),
      };
    case 'exchange':
      return {
        width: Math.ceil(Math.max(widest + 44, 120 * scale)),
        height: Math.ceil(70 * scale),
      };
    case 'queue': {
      // Its depths are said to be late, in the same line.
      const isLate = node.badges.some((badge) => badge === 'quorum' || badge === 'stream');
      const texts = [...node.badges, ...(isLate ? ['counted every 5 s'] : [])];
      const badges = textWidth(texts.join('   '), line, 'px system-ui') + 16 * texts.length;
      const wanted = Math.max(widest + 28, big ? 290 : 186, badges + 28);
      return {
        width: Math.ceil(wanted),
        height: Math.ceil((node.badges.length > 0 ? 124 : 96) * scale),
      };
    }
    default: {
      const height = 20 + title * 1.3 + node.lines.length * line * 1.45;
      return { width: Math.ceil(Math.max(widest + 28, 120 * scale)), height: Math.ceil(height) };
    }
  }
}

export const MONO = 'px ui-monospace, monospace';

function textWidth(text: string, size: number, font: string): number {
  if (!pen) return text.length * size * 0.6;
  pen.font = font.replace('px', `${size}px`);
  return pen.measureText(text).width;
}
