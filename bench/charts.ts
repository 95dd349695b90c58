/** The charts as SVG, drawn by Apache ECharts: it needs no browser, and labels lines at their ends. */
import { type EChartsOption, init, type SeriesOption } from 'echarts';
import type { Chart, Line, Panel } from './growth.ts';
import type { Rounds } from './rounds.ts';
import { median } from './statistics.ts';
import { show } from './table.ts';

const WIDTH = 820;
const HEIGHT = 400;
/** Okabe and Ito's, which people of all colour visions tell apart; the marks differ as well. */
const COLOURS = ['#0072B2', '#D55E00', '#009E73'];
const MARKS = ['circle', 'triangle', 'diamond'];
const INK = '#333333';
const LEFT = 70;
/** Between two panels, for the second one's axis; the names of the lines need some more. */
const GAP = 80;

/** The values of a line, for each step one a round. */
export function valuesOf(panel: Panel, line: Line, results: Map<string, Rounds>): number[][] {
  return line.rows.map((row, step) =>
    (results.get(row)?.get('lab') ?? []).map((r) => r.messages * (panel.times?.[step] ?? 1)),
  );
}

/** Draws a chart: medians, and from the lowest to the highest round a thin line. */
export function drawChart(chart: Chart, results: Map<string, Rounds>): string {
  const picture = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  picture.setOption(optionsOf(chart, results));
  const svg = picture.renderToSVGString();
  picture.dispose();
  return `${svg}\n`;
}

function optionsOf(chart: Chart, results: Map<string, Rounds>): EChartsOption {
  const { title, subtitle, axis, steps, panels, kind, isLog } = chart;
  const isNamed = panels.some((panel) => panel.lines.length > 1);
  const right = isNamed ? 90 : 30;
  const gap = GAP + (isNamed ? 60 : 0);
  const width = (WIDTH - LEFT - right - gap * (panels.length - 1)) / panels.length;
  const leftOf = (index: number) => LEFT + index * (width + gap);
  const text = (size: number) => ({ fontSize: size, color: INK, fontWeight: 'normal' as const });
  return {
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif', color: INK },
    title: [
      {
        text: title,
        subtext: subtitle,
        left: 10,
        top: 8,
        textStyle: { fontSize: 18, color: INK },
        subtextStyle: text(13),
      },
      ...panels.map((panel, index) => ({
        text: panel.title,
        subtext: panel.unit,
        left: leftOf(index) - LEFT + 10,
        top: 66,
        itemGap: 4,
        textStyle: { ...text(13), fontWeight: 'bold' as const },
        subtextStyle: text(12),
      })),
    ],
    grid: panels.map((_, index) => ({ left: leftOf(index), width, top: 122, bottom: 60 })),
    xAxis: panels.map((_, index) => ({
      type: 'category',
      gridIndex: index,
      data: steps,
      name: axis,
      nameLocation: 'middle',
      nameGap: 32,
      nameTextStyle: text(13),
      axisLabel: { ...text(12), interval: 0 },
      boundaryGap: kind === 'bars',
    })),
    yAxis: panels.map((_, index) => ({
      type: isLog ? 'log' : 'value',
      gridIndex: index,
      ...(isLog ? {} : { min: 0 }),
      axisLabel: { ...text(12), formatter: (value: number) => value.toLocaleString('en') },
    })),
    series: panels.flatMap((panel, index) =>
      panel.lines.flatMap((line, place) => seriesOf(chart, panel, index, line, place, results)),
    ),
  };
}

function seriesOf(
  { kind }: Chart,
  panel: Panel,
  index: number,
  line: Line,
  place: number,
  results: Map<string, Rounds>,
): SeriesOption[] {
  const values = valuesOf(panel, line, results);
  const colour = COLOURS[place] ?? INK;
  const common = {
    name: line.name,
    data: values.map(median),
    xAxisIndex: index,
    yAxisIndex: index,
    itemStyle: { color: colour },
  };
  const label = { color: INK, fontSize: 12 };
  const shown: SeriesOption =
    kind === 'bars'
      ? {
          ...common,
          type: 'bar',
          barWidth: '78%',
          label: {
            ...label,
            show: true,
            position: 'insideBottom',
            color: '#ffffff',
            formatter: ({ value }) => show(Number(value)),
          },
        }
      : {
          ...common,
          type: 'line',
          symbol: MARKS[place] ?? 'circle',
          symbolSize: 9,
          lineStyle: { width: 2.5, color: colour, type: place === 0 ? 'solid' : 'dashed' },
          endLabel: {
            ...label,
            show: panel.lines.length > 1,
            color: colour,
            fontWeight: 'bold',
            formatter: line.name,
          },
          labelLayout: { moveOverlap: 'shiftY' },
        };
  return [shown, whiskers(values, index, kind === 'bars' ? INK : colour)];
}

/** For each step a line from the lowest to the highest round. */
function whiskers(values: number[][], index: number, colour: string): SeriesOption {
  return {
    type: 'custom',
    xAxisIndex: index,
    yAxisIndex: index,
    silent: true,
    z: 3,
    data: values.map((rounds, step) => [step, Math.min(...rounds), Math.max(...rounds)]),
    encode: { x: 0, y: [1, 2] },
    renderItem(_, api) {
      const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
      const [, high = 0] = api.coord([api.value(0), api.value(2)]);
      const stroke = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: { stroke: colour, lineWidth: 1.2 },
      });
      return {
        type: 'group',
        children: [
          stroke(x, low, x, high),
          stroke(x - 4, low, x + 4, low),
          stroke(x - 4, high, x + 4, high),
        ],
      };
    },
  };
}
