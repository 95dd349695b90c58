/** One HTML file is the page and, with events in it, a recording: nothing else is loaded, ever. */
import { createHash } from 'node:crypto';
import type { Ev, Header } from '../model/events.ts';

const TOKEN = '<meta name="token" content="">';

export function pageFor(template: string, token: string): string {
  return template.replace(TOKEN, `<meta name="token" content="${token}">`);
}

/**
 * The events come last, so that a recording can be written as they happen: a file that ends in the
 * middle of them can be opened too.
 */
export function recordingOf(template: string, header: Header, events: readonly Ev[]): string {
  return `${startOfRecording(template, header)}${events.map(lineOf).join('')}`;
}
export function startOfRecording(template: string, header: Header): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="${policyFor(template)}">`;
  const page = template.replace(TOKEN, policy);
  return `${page}<script type="application/x-ndjson" id="recording">\n${lineOf(header)}`;
}

/** No line can end the script element that it stands in. */
export function lineOf(value: Ev | Header): string {
  return `${JSON.stringify(value).replaceAll('<', '\\u003c')}\n`;
}

/** Only the page's own script and style, and no address but this one. */
export function policyFor(template: string): string {
  const hash = (element: string) => {
    const [, text = ''] = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(template) ?? [];
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  };
  return [
    "default-src 'none'",
    `script-src ${hash('script')}`,
    `style-src ${hash('style')}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
