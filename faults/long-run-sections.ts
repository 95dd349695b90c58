/** What GUARANTEES.md says of the long runs. Pure. */
import type { RandomRun } from './random.ts';
import type { SoakRun } from './soak.ts';
import { quantile } from './statistics.ts';
import { endsBroker, flowsMs, newMs } from './survived.ts';
import { seconds } from './words.ts';

/** The lines of a section on each kind of run that there has been. */
export function longRunSections(random: RandomRun[], soaks: SoakRun[]): string[] {
  return [
    ...(random.length > 0 ? randomSection(random) : []),
    ...(soaks.length > 0 ? soakSection(soaks) : []),
  ];
}

function randomSection(runs: RandomRun[]): string[] {
  return [
    '',
    '## Many faults at random',
    '',
    'Messages flow, 500 each second, while one fault follows the other. Before a broker ends, messages gather for',
    'a second. How long it takes then, from its open port: until messages are confirmed and delivered, and until a',
    'new one has come, after all that had gathered. In brackets: the longest.',
    '',
    '| Queue | RabbitMQ | Faults | Acknowledged | Lost | Unexpected | Twice: redelivered, resent, unexplained | The broker ended | They flow after | A new one after | Repeat it |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...runs.map(({ queue, version, faults, totals, seed }) => {
      const { acknowledged, lost, unexpected, redelivered, resent, unexplained } = totals;
      const ofBroker = faults.filter(endsBroker);
      const cells = [
        queue,
        version,
        faults.length,
        acknowledged,
        lost,
        unexpected,
        `${redelivered}, ${resent}, ${unexplained}`,
        `${ofBroker.length} times`,
        spread(ofBroker.map(flowsMs)),
        spread(ofBroker.map(newMs)),
        `\`make guarantees FAULTS=${faults.length} SEED=${seed}\``,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function spread(times: number[]): string {
  return `${seconds(quantile(times, 0.5))} (${seconds(quantile(times, 1))})`;
}

function soakSection(runs: SoakRun[]): string[] {
  return [
    '',
    '## Memory',
    '',
    'Messages flow, 500 each second, with a fault in each minute. After two minutes a client should not grow any more.',
    '',
    '| Queue | RabbitMQ | Minutes | Acknowledged | Lost | Producer | Consumer | Repeat it |',
    '|---|---|---|---|---|---|---|---|',
    ...runs.map(({ queue, version, minutes, totals, memory, seed }) => {
      const { producer, consumer } = memory;
      const repeat = `make guarantees SOAK=${minutes} SEED=${seed}`;
      const cells = [queue, version, minutes, totals.acknowledged, totals.lost];
      return `| ${cells.join(' | ')} | ${grown(producer)} | ${grown(consumer)} | \`${repeat}\` |`;
    }),
  ];
}

function grown({ least, most, slope }: SoakRun['memory']['producer']): string {
  return `${least.toFixed(0)} to ${most.toFixed(0)} MB, ${slope.toFixed(2)} MB a minute`;
}
