/** The keyboard: what each key does, and how the arrows move in the picture. */
import { project, replay, toggle } from './bar.tsx';
import { closeDialog } from './dialogs.tsx';
import { inspect } from './list.tsx';
import { chosen, dialog, isStep, layout, letterKeys, player, shown } from './model.ts';
import { SPEEDS } from './player.ts';

export function onKey(event: KeyboardEvent): void {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') back(target);
  if (target.closest('input, textarea, select, dialog')) return;
  if (target.closest('.node') && moveInGraph(target, event)) return;
  if (target.closest('.rows') && moveInList(target, event)) return;
  const isButton = target.closest('button:not(.row), a');
  const what = ACTIONS[event.key];
  if (!what || (isButton && (event.key === ' ' || event.key === 'Enter'))) return;
  if (!letterKeys.value && event.key.length === 1 && event.key !== ' ') return;
  event.preventDefault();
  what();
}

const ACTIONS: Record<string, () => void> = {
  ' ': toggle,
  '.': toggle,
  ArrowLeft: () => player.step(-1, isStep),
  PageUp: () => player.step(-1, isStep),
  ArrowRight: () => player.step(1, isStep),
  PageDown: () => player.step(1, isStep),
  r: replay,
  R: replay,
  End: () => player.live(),
  '[': () => speed(-1),
  ']': () => speed(1),
  '/': () => document.querySelector<HTMLElement>('#filter')?.focus(),
  l: project,
  L: project,
  '?': () => {
    dialog.value = 'help';
  },
};

function speed(by: number): void {
  const at = SPEEDS.indexOf(player.speed);
  player.speed = SPEEDS[Math.min(Math.max(0, at + by), SPEEDS.length - 1)] ?? 1;
}

function back(target: Element): void {
  if (dialog.value) closeDialog();
  else if (chosen.value) chosen.value = undefined;
  else (target as HTMLElement).blur?.();
}

/** Right and left follow the edges; up and down stay in the column. */
function moveInGraph(target: Element, event: KeyboardEvent): boolean {
  const id = target.closest('.node')?.getAttribute('data-node') ?? '';
  const { nodes, edges } = shown.value;
  const here = nodes.find((node) => node.id === id);
  if (event.key === 'Enter') {
    chosen.value = { node: id };
    event.preventDefault();
    return true;
  }
  const y = (one: string) => layout.value?.boxes.get(one)?.y ?? 0;
  const column = nodes.filter((node) => node.column === here?.column).map((node) => node.id);
  const ordered = column.toSorted((a, b) => y(a) - y(b));
  const place = ordered.indexOf(id);
  const next = {
    ArrowRight: edges.find(({ from }) => from === id)?.to,
    ArrowLeft: edges.find(({ to }) => to === id)?.from,
    ArrowDown: ordered[place + 1],
    ArrowUp: ordered[place - 1],
  }[event.key];
  if (!event.key.startsWith('Arrow')) return false;
  event.preventDefault();
  if (next) focusNode(next);
  return true;
}

function focusNode(id: string): void {
  document.querySelector<SVGElement>(`[data-node="${CSS.escape(id)}"]`)?.focus();
}

function moveInList(target: Element, event: KeyboardEvent): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('.row')];
  const place = rows.indexOf(target as HTMLElement);
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by !== undefined) {
    rows[Math.max(0, place + by)]?.focus();
    event.preventDefault();
    return true;
  }
  if (event.key === 'Enter' && place >= 0) {
    inspect(Number(rows[place]?.dataset.seq));
    event.preventDefault();
    return true;
  }
  return false;
}
