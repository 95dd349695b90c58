/** What GUARANTEES.md says of the long runs. Pure. */
import type { RandomRun } from './random.ts';
import type { SoakRun } from './soak.ts';
import { quantile } from './statistics.ts';
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
    'Messages flow, 500 each second, while one fault follows the other. Back: from the open port of a broker that',
    "had ended to a new message's receipt; from the end of any fault.",
    '',
    '| Queue | RabbitMQ | Faults | Acknowledged | Lost | Unexpected | Twice: redelivered, resent, unexplained | Back after the port: median, longest | Back after any fault: median, p99 | Repeat it |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...runs.map(({ queue, version, faults, totals, seed }) => {
      const { acknowledged, lost, unexpected, redelivered, resent, unexplained } = totals;
      const ofBroker = faults.filter(
        ({ kind }) => kind === 'broker killed' || kind === 'broker stopped',
      );
      const cells = [
        queue,
        version,
        faults.length,
        acknowledged,
        lost,
        unexpected,
        `${redelivered}, ${resent}, ${unexplained}`,
        `${back(ofBroker, 0.5)}, ${back(ofBroker, 1)} (${ofBroker.length} times)`,
        `${back(faults, 0.5)}, ${back(faults, 0.99)}`,
        `\`make guarantees FAULTS=${faults.length} SEED=${seed}\``,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

function back(faults: RandomRun['faults'], share: number): string {
  return seconds(
    quantile(
      faults.map(({ newMs }) => newMs),
      share,
    ),
  );
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
