/** What the learner does to the broker. Each of these goes back to LIVE, to see what comes of it. */
import { notice, player } from './model.ts';

const token = document.querySelector<HTMLMetaElement>('meta[name=token]')?.content ?? '';

export async function act(what: 'publish' | 'purge' | 'close', details: object): Promise<boolean> {
  player.live();
  // Or the next Space would press the same button again.
  (document.activeElement as HTMLElement | null)?.blur();
  notice.value = '';
  try {
    const response = await fetch(`/do/${what}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-token': token },
      body: JSON.stringify(details),
    });
    const answer = await response.json();
    notice.value = response.ok ? `The broker has ${answer.done} it.` : answer.error;
    return response.ok;
  } catch {
    notice.value = 'The viewer does not answer. Is it still running? Type: make view';
    return false;
  }
}
