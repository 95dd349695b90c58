/** What is opened above the picture: publish, help, the graph as a table. */
import type { JSX, TargetedEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { act } from './act.ts';
import { dialog, letterKeys, shown } from './model.ts';

export function Dialogs() {
  const which = dialog.value;
  if (which === 'publish') return <Sheet title="Publish a message" body={<Publish />} />;
  if (which === 'help') return <Sheet title="Help" body={<Help />} />;
  if (which === 'table') return <Sheet title="The graph as a table" body={<Table />} />;
  return null;
}

export function closeDialog(): void {
  dialog.value = '';
}

function Sheet({ title, body }: { title: string; body: JSX.Element }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog ref={element} onClose={closeDialog} aria-label={title}>
      <h2>{title}</h2>
      {body}
      <button type="button" class="close" onClick={closeDialog}>
        Close
      </button>
    </dialog>
  );
}

function Publish() {
  const { exchanges, queues } = shown.value.graph;
  const names = exchanges.map(({ name }) => name).filter((name) => !name.startsWith('amq.'));
  const send = async (event: TargetedEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string) => String(given.get(name) ?? '');
    const headers = Object.fromEntries(
      text('headers')
        .split('\n')
        .filter((line) => line.includes('='))
        .map((line) => [
          line.slice(0, line.indexOf('=')).trim(),
          line.slice(line.indexOf('=') + 1).trim(),
        ]),
    );
    const properties = { persistent: given.has('persistent') };
    const message = {
      exchange: text('exchange'),
      key: text('key'),
      body: text('body'),
      headers,
      properties,
    };
    if (await act('publish', message)) closeDialog();
  };
  return (
    <form onSubmit={send}>
      <label>
        Exchange
        <select name="exchange">
          {names.map((name) => (
            <option key={name} value={name}>
              {name || 'the default exchange: by queue name'}
            </option>
          ))}
        </select>
      </label>
      <label>
        Routing key
        <input name="key" list="keys" maxLength={255} />
      </label>
      <datalist id="keys">
        {queues.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <label>
        Headers, one a line: name=value
        <textarea name="headers" rows={2} />
      </label>
      <label>
        Body
        <textarea name="body" rows={3}>
          Hello World!
        </textarea>
      </label>
      <label class="check">
        <input type="checkbox" name="persistent" /> persistent
      </label>
      <button type="submit" class="main">
        Publish
      </button>
    </form>
  );
}

const KEYS = [
  ['Space or .', 'pause, go on'],
  ['left, right or PageUp, PageDown', 'one event back, one event on'],
  ['R', 'the last minute, slowly'],
  ['[ ]', 'slower, faster'],
  ['End', 'live'],
  ['/', 'filter the list'],
  ['Enter', 'look at what is chosen'],
  ['Esc', 'back'],
  ['L', 'large, for a projector'],
  ['?', 'this help'],
];

function Help() {
  return (
    <>
      <p>
        <b>Filled</b>: the broker said so, message by message. <b>Hollow</b>: worked out from its
        counters. What cannot be known is said in words.
      </p>
      <table>
        <caption>Signs</caption>
        <tbody>
          {[
            ['●', 'a message'],
            ['↻ in a ring', 'delivered again'],
            ['◁', 'returned to its producer: no queue, and mandatory'],
            ['✕', 'no queue wanted it, or the queue did not store it'],
            ['◆ on a dashed lane', 'a dead letter'],
            ['⧖', 'left its queue without a delivery: expired or purged'],
            ['×7', 'seven messages at nearly the same time'],
          ].map(([sign, meaning]) => (
            <tr key={sign}>
              <th scope="row">{sign}</th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <caption>Keys</caption>
        <tbody>
          {KEYS.map(([key, meaning]) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input
          type="checkbox"
          checked={letterKeys.value}
          onChange={(event) => {
            letterKeys.value = event.currentTarget.checked;
          }}
        />{' '}
        keys that are letters or signs work
      </label>
      <p>
        <b>Not seen here:</b> the moment of an ack, which message was settled when several are held,
        messages of other vhosts, and what happened before the page was opened.
      </p>
    </>
  );
}

function Table() {
  const { nodes, depths } = shown.value;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">kind</th>
          <th scope="col">name</th>
          <th scope="col">ready</th>
          <th scope="col">unacked</th>
          <th scope="col">more</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map((node) => {
          const depth = node.kind === 'queue' ? depths[node.name] : undefined;
          return (
            <tr key={node.id}>
              <td>{node.kind}</td>
              <th scope="row">{node.title}</th>
              <td>{depth?.ready ?? ''}</td>
              <td>{depth?.unacked ?? ''}</td>
              <td>{[...node.lines, ...node.badges].filter(Boolean).join(', ')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
