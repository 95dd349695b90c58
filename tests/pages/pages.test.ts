/** What holds for each page before any of its commands is run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePage } from './parse.ts';

const ROOT = join(import.meta.dirname, '../..');
const LESSONS = readdirSync(join(ROOT, 'lessons')).filter((file) => /^\d.*\.md$/.test(file));

test.for(['README.md', 'viewer/README.md', ...LESSONS.map((file) => `lessons/${file}`)])(
  '%s can be read, and shows what its comments speak of',
  (page) => {
    expect(parsePage(readFileSync(join(ROOT, page), 'utf8'))).not.toEqual([]);
  },
);
