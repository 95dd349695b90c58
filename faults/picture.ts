/** A table as an SVG: a colour and a mark for each cell, since not everybody sees the colours. Pure. */
import { MARKS, splitTable, type Table, type Verdict } from './table.ts';

/** Told apart by those who don't see red and green, too: Okabe and Ito's palette, lightened. */
const COLOURS: Record<Verdict, string> = {
  lost: '#f3b48b',
  twice: '#f7eca0',
  kept: '#a9dcc9',
  'not run': '#e4e4e4',
};
const HEAD = 56;
const LEFT = 270;
const WIDTH = 124;
const HEIGHT = 34;
/** How many characters of a title stand in one line. */
const LINE = 16;

/** The words of a cell stand in it too, so that the picture needs no legend. */
export function drawTable(table: Table): string {
  const bands = splitTable(table);
  const bandHeight = HEAD + table.rows.length * HEIGHT;
  const width = LEFT + Math.max(...bands.map(({ columns }) => columns.length)) * WIDTH;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bands.length * bandHeight}"`,
    `  role="img" font-family="system-ui, sans-serif" font-size="12" fill="#1a1a1a">`,
    `<title>What is lost, by RabbitMQ ${table.version}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...bands.flatMap((band, number) => [
      `<g transform="translate(0 ${number * bandHeight})">`,
      ...drawBand(band),
      '</g>',
    ]),
    '</svg>',
  ].join('\n')}\n`;
}

function drawBand({ columns, rows }: Table): string[] {
  const heads = columns.flatMap(([{ title }], column) =>
    wrap(title).map((words, line, { length }) => {
      const y = HEAD - 10 - (length - 1 - line) * 15;
      return text(LEFT + (column + 0.5) * WIDTH, y, words, 'middle');
    }),
  );
  const cells = rows.flatMap(({ title, cells }, row) => {
    const y = HEAD + row * HEIGHT;
    return [
      text(8, y + 22, title, 'start'),
      ...cells.map(({ verdict, words }, column) => {
        const x = LEFT + column * WIDTH;
        return (
          `<rect x="${x + 1}" y="${y + 1}" width="${WIDTH - 2}" height="${HEIGHT - 2}" rx="3" ` +
          `fill="${COLOURS[verdict]}"/>${text(x + WIDTH / 2, y + 22, `${MARKS[verdict]} ${words}`, 'middle')}`
        );
      }),
    ];
  });
  return [...heads, ...cells];
}

/** In lines that a column has room for. */
function wrap(title: string): string[] {
  const lines: string[] = [];
  for (const word of title.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= LINE) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle'): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped}</text>`;
}
