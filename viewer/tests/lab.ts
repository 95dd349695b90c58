/** `test`, with a vhost, a viewer that watches it, and its page in a real browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright-core';
import { test as base } from 'vitest';
import { HOST, Vhost, VIEWER_PASSWORD } from './broker.ts';

export class Viewer {
  readonly vhost: string;
  readonly #process: ChildProcess;
  #port = 0;

  private constructor(vhost: string, program: string[]) {
    this.vhost = vhost;
    this.#process = spawn(process.execPath, program, {
      env: {
        AMQP_HOST: HOST,
        AMQP_VHOST: vhost,
        VIEWER_PASSWORD,
        LISTEN_HOST: '127.0.0.1',
        LISTEN_PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  static async start(vhost: string, program = ['server/main.ts']): Promise<Viewer> {
    const viewer = new Viewer(vhost, program);
    for await (const line of createInterface(viewer.#process.stdout as NodeJS.ReadableStream)) {
      const [, port] = /listens on port (\d+)/.exec(line) ?? [];
      if (port) {
        viewer.#port = Number(port);
        break;
      }
    }
    viewer.#process.stdout?.resume();
    return viewer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Resolves with its exit status when it has ended. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill(signal);
      await ended;
    }
    return this.#process.exitCode;
  }
}

/** What was drawn: each dot once, with all events that it stood for. */
export type Drawn = { seq: number; kind: string; proof: string; at: number; msg?: string };

// Runs in the page before its own script: notes each dot that is put into the picture, and when.
function noteDots(): void {
  const drawn: { seq: number; kind: string; proof: string; at: number; msg?: string }[] = [];
  const published = new Map<number, string>();
  window.EventSource = class extends EventSource {
    constructor(url: string | URL) {
      super(url);
      const start = /^\{"seq":(\d+),"t":[\d.]+,"k":"publish","msg":\{"id":"([^"]+)"/;
      this.addEventListener('message', ({ data }) => {
        const [, seq, id] = start.exec(data) ?? [];
        if (seq && id) published.set(Number(seq), id);
      });
    }
  };
  Object.assign(window, { drawn });
  const known = new Set<string>();
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        const { ids, seq, kind } = (node as HTMLElement).dataset ?? {};
        if (!ids || !seq || !kind) continue;
        const proof = (node as Element).classList.contains('counted') ? 'counted' : 'seen';
        const seqs = seq.split(' ');
        for (const [place, id] of (JSON.parse(ids) as string[]).entries()) {
          const key = `${id} ${kind} ${proof}`;
          if (known.has(key)) continue;
          known.add(key);
          const msg = published.get(Number(seqs[place]));
          drawn.push({
            seq: Number(seqs[place]),
            kind,
            proof,
            at: Date.now(),
            ...(msg && { msg }),
          });
        }
      }
    }
  }).observe(document, { childList: true, subtree: true });
}

/** A page of the viewer, and what a person would see in it. */
export class Look {
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
  }

  static async open(browser: Browser, url: string, options: object = {}): Promise<Look> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
    const look = new Look(page);
    await page.addInitScript(noteDots);
    await page.goto(url);
    await page.waitForSelector('.phase');
    return look;
  }

  /** Waits until the picture has these boxes, by their titles. */
  async shows(...titles: string[]): Promise<void> {
    for (const title of titles) {
      await this.page
        .locator('.node:not(.ghost) .title', { hasText: exactly(title) })
        .first()
        .waitFor();
    }
  }

  dots(kind?: string): Promise<Drawn[]> {
    return this.page.evaluate((wanted) => {
      const { drawn } = window as unknown as { drawn: Drawn[] };
      return drawn.filter((dot) => !wanted || dot.kind === wanted);
    }, kind);
  }

  /** How many events were drawn as dots of that kind. */
  async count(kind: string): Promise<number> {
    return (await this.dots(kind)).length;
  }

  depth(queue: string): Promise<string | null> {
    const box = this.page.locator(`[data-node="queue ${queue}"] .depth`);
    return box.textContent();
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }
}

/** Until the page has drawn what it knows now. */
export function isDrawn(page: Page): Promise<unknown> {
  return page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}

const exactly = (text: string) => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

/** What axe finds that is serious. The page must be opened with `bypassCSP`. */
export async function axeIn({ page }: Look): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window)))
    await page.addScriptTag({ path: 'node_modules/axe-core/axe.min.js' });
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    type Violation = { id: string; impact: string; nodes: { html: string }[] };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its pattern
  .extend('browser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: QUIET });
    onCleanup(() => browser.close());
    return browser;
  })
  // biome-ignore lint/correctness/noEmptyPattern: the same
  .extend('vhost', async ({}, { onCleanup }) => {
    const vhost = await Vhost.create();
    onCleanup(() => vhost.remove());
    return vhost;
  })
  .extend('viewer', async ({ vhost }, { onCleanup }) => {
    const viewer = await Viewer.start(vhost.name);
    onCleanup(async () => void (await viewer.end('SIGTERM')));
    return viewer;
  })
  .extend('look', async ({ browser, viewer }, { onCleanup }) => {
    const look = await Look.open(browser, viewer.url);
    onCleanup(() => look.page.close());
    return look;
  });

export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-dev-shm-usage',
];
