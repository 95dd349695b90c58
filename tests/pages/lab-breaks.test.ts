import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LAB_BREAKS } from './lab-breaks.ts';

const ROOT = join(import.meta.dirname, '../..');

test.for(LAB_BREAKS)(
  '$what: there is such a page, and one place to break',
  ({ page, file, from }) => {
    expect(existsSync(join(ROOT, page))).toBe(true);
    expect(readFileSync(join(ROOT, file), 'utf8').split(from)).toHaveLength(2);
  },
);
