/** The line at the top: what is shown, and the ways to move in time. */
import {
  big,
  chosen,
  connected,
  dialog,
  header,
  isStep,
  notice,
  offline,
  player,
  shown,
  status,
} from './model.ts';

const MINUTE_MS = 60_000;
const FRACTIONS: Record<number, string> = { 0.25: '¼', 0.5: '½', 1: '1×' };

export function Bar() {
  const { phase, newer, speed } = status.value;
  const { nodes } = shown.value.graph;
  const word = { live: 'LIVE', paused: 'PAUSED', replay: `REPLAY ${FRACTIONS[speed] ?? speed}` }[
    phase
  ];
  return (
    <header>
      <h1>
        RabbitMQ Lab{' '}
        <small>
          {header.value
            ? `vhost ${header.value.vhost} · RabbitMQ ${header.value.broker}${nodes ? ` · ${nodes.length} node${nodes.length === 1 ? '' : 's'}` : ''}`
            : 'connecting'}
        </small>
      </h1>
      <div class="time">
        <output class={`phase ${phase}`} aria-label="What the picture shows">
          {word}
          {phase !== 'live' && newer > 0 && ` · ${newer} newer`}
        </output>
        <button type="button" onClick={() => toggle()} title="Space">
          {phase === 'live' ? 'Pause' : phase === 'paused' ? 'Go on' : 'Pause'}
        </button>
        <button
          type="button"
          onClick={() => player.step(-1, isStep)}
          title="Left arrow"
          aria-label="One event back"
        >
          ◂|
        </button>
        <button
          type="button"
          onClick={() => player.step(1, isStep)}
          title="Right arrow"
          aria-label="One event on"
        >
          |▸
        </button>
        <button type="button" onClick={() => replay()} title="R">
          {offline.value ? 'Replay' : 'Last minute'} {FRACTIONS[speed]}
        </button>
        {!offline.value && (
          <button
            type="button"
            onClick={() => player.live()}
            disabled={phase === 'live'}
            title="End"
          >
            Live
          </button>
        )}
      </div>
      <div class="more">
        {!offline.value && (
          <>
            <button type="button" onClick={() => open('publish')}>
              Publish
            </button>
            <a class="button" href="/recording.html" download="rabbitmq-recording.html">
              Save<span class="wide"> the last minute</span>
            </a>
          </>
        )}
        <button type="button" aria-pressed={big.value} onClick={() => project()} title="L">
          Large
        </button>
        <button type="button" onClick={() => open('table')}>
          Table
        </button>
        <button type="button" onClick={() => open('help')} title="?">
          Help
        </button>
      </div>
    </header>
  );
}

export function toggle(): void {
  if (player.phase === 'paused') player.resume();
  else player.pause();
}
export function replay(): void {
  player.replay(offline.value ? Number.POSITIVE_INFINITY : MINUTE_MS);
}
export function project(): void {
  big.value = !big.value;
}
function open(which: 'publish' | 'help' | 'table'): void {
  dialog.value = which;
  if (which === 'publish') chosen.value = undefined;
}

/** What must be said: a broker that is away, a rate that is too high, the outcome of an action. */
export function Banner() {
  const { mode, blind } = shown.value;
  const lines = [
    !offline.value &&
      !connected.value &&
      'The viewer does not answer. The page tries again by itself.',
    blind,
    mode.draw === 'sample' && `1 of ${mode.oneIn} messages shown · ${mode.rate}/s`,
    mode.draw === 'counters' &&
      `Counters only: ${mode.rate} messages a second are too many to draw each`,
    notice.value,
  ].filter(Boolean);
  return (
    <div class="banner" role="status" data-draw={mode.draw}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
