/** All there is to know of a chosen message or box. Bodies are text and never HTML. */
import { signal } from '@preact/signals';
import type { Msg } from '../model/events.ts';
import { isStack, programOf, stack } from '../model/stacks.ts';
import type { Node } from '../model/state.ts';
import { act } from './act.ts';
import { sentence } from './graph.tsx';
import { chosen, clockTime, lifeOf, messageOf, offline, player, shown } from './model.ts';

const form = signal<'Text' | 'JSON' | 'Hex'>('Text');

export function Inspector() {
  const what = chosen.value;
  if (!what) {
    return (
      <section class="inspector" aria-label="Inspector">
        <p class="hint">Choose a dot, an event or a box to see all of it.</p>
      </section>
    );
  }
  const state = shown.value;
  const node =
    'node' in what
      ? [...state.nodes, ...state.ghosts.map((ghost) => ghost.node)].find(
          ({ id }) => id === what.node,
        )
      : undefined;
  return (
    <section class="inspector open" aria-label="Inspector">
      <button type="button" class="close" onClick={() => close()}>
        Close
      </button>
      {'seq' in what ? (
        <MessageOf seq={what.seq} />
      ) : node ? (
        <NodeOf node={node} />
      ) : (
        <p>It is gone.</p>
      )}
    </section>
  );
}

export function close(): void {
  chosen.value = undefined;
}

function MessageOf({ seq }: { seq: number }) {
  const row = shown.value.rows.find((one) => one.seq === seq);
  const msg = messageOf(seq) ?? (row?.msg ? lifeOf(row.msg)[0]?.msg : undefined);
  if (!msg)
    return <p>{row ? `${row.verb} ${row.path} ${row.mark}` : 'This event is kept no more.'}</p>;
  return (
    <>
      <h2>Message</h2>
      <p class="id">
        <code>{msg.id}</code> {msg.by === 'hash' && '(made of its content: it has no messageId)'}
      </p>
      <Life id={msg.id} />
      <Table caption="Properties" entries={{ ...msg.properties }} />
      <Table caption="Headers" entries={msg.headers} />
      <Body msg={msg} />
    </>
  );
}

/** From the publish to the last delivery, with the time between them. */
function Life({ id }: { id: string }) {
  const life = lifeOf(id);
  return (
    <ol class="life">
      {life.map((event, place) => {
        const before = life[place - 1];
        const since = before ? event.t - before.t : 0;
        const what =
          event.k === 'publish'
            ? `published to ${event.exchange || 'the default exchange'} with key "${event.keys.join('", "')}"`
            : `${event.again ? 'delivered again' : 'delivered'} from ${event.queue}`;
        const reason = event.msg.deaths[0];
        return (
          <li key={event.seq}>
            <time>{clockTime(event.t, 3)}</time> {what}
            {event.k === 'publish' &&
              (event.routed.length > 0
                ? `, routed to ${event.routed.join(', ')}`
                : ', no queue wants it')}
            {event.k === 'deliver' && before && `, after ${duration(since)}`}
            {event.k === 'deliver' && reason && ` (was ${reason.reason} in ${reason.queue})`}
          </li>
        );
      })}
    </ol>
  );
}

const duration = (ms: number) =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

function Table({ caption, entries }: { caption: string; entries: Record<string, unknown> }) {
  const rows = Object.entries(entries);
  if (rows.length === 0) return null;
  return (
    <table>
      <caption>{caption}</caption>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{typeof value === 'string' ? value : JSON.stringify(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Body({ msg }: { msg: Msg }) {
  const bytes = Uint8Array.from(atob(msg.base64), (c) => c.charCodeAt(0));
  const part = bytes.length < msg.bytes ? `, the first ${bytes.length} shown` : '';
  return (
    <div class="body">
      <h3>
        Body, {msg.bytes} bytes{part}
      </h3>
      <fieldset class="forms">
        <legend class="hidden">Show the body as</legend>
        {(['Text', 'JSON', 'Hex'] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={form.value === name}
            onClick={() => {
              form.value = name;
            }}
          >
            {name}
          </button>
        ))}
      </fieldset>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <pre tabIndex={0}>{bodyAs(form.value, bytes)}</pre>
    </div>
  );
}

export function bodyAs(how: 'Text' | 'JSON' | 'Hex', bytes: Uint8Array): string {
  if (how === 'Hex') return hexOf(bytes.subarray(0, 4096));
  const text = new TextDecoder().decode(bytes);
  if (how === 'Text') return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    return `This is not JSON: ${(error as Error).message}`;
  }
}

function hexOf(bytes: Uint8Array): string {
  const lines = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = row.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.'));
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text.join('')}`);
  }
  return lines.join('\n');
}

function NodeOf({ node }: { node: Node }) {
  const depth = shown.value.depths[node.name];
  const queue = node.kind === 'queue';
  return (
    <>
      <h2>{node.title}</h2>
      <p>{sentence(node, queue ? depth : undefined)}</p>
      {node.name && node.name !== node.title && (
        <p>
          The broker calls it <code>{node.name}</code>
        </p>
      )}
      {node.connection && (
        <p>
          Connection <code>{node.connection}</code>
        </p>
      )}
      {queue && <p>{shown.value.settled[node.name] ?? 0} settled while this page looked on.</p>}
      {!offline.value && queue && (
        <button type="button" onClick={() => act('purge', { queue: node.name })}>
          Purge: remove all ready messages
        </button>
      )}
      {node.connection && <CloseButton connection={node.connection} />}
      <Members id={node.id} />
      {!offline.value && node.kind === 'exchange' && (
        <p class="hint">Publish to it with the button "Publish" above.</p>
      )}
      {player.phase === 'live' && node.kind === 'consumer' && (
        <p class="hint">
          The moment of an ack is not seen. The counters tell how many were settled, not which.
        </p>
      )}
    </>
  );
}

/** Of a box that stands for many: each of them. */
function Members({ id }: { id: string }) {
  const { graph } = shown.value;
  const members = isStack(id) ? (stack(graph).get(id) ?? []) : [];
  return (
    <ul class="members">
      {members.slice(0, MOST_MEMBERS).map(({ connection, channel, tag }) => (
        <li key={`${connection} ${channel} ${tag}`}>
          <code>{programOf(graph, connection)}</code> <CloseButton connection={connection} />
        </li>
      ))}
      {members.length > MOST_MEMBERS && <li>and {members.length - MOST_MEMBERS} more</li>}
    </ul>
  );
}

const MOST_MEMBERS = 20;

function CloseButton({ connection }: { connection: string }) {
  if (offline.value) return null;
  return (
    <button type="button" class="danger" onClick={() => act('close', { connection })}>
      Close its connection
    </button>
  );
}
