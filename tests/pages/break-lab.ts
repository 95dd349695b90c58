/**
 * Breaks the lab, one way at a time, in a copy of this folder, and runs the page that must notice it.
 *
 *     node --import tsx tests/pages/break-lab.ts [PAGE...]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LAB_BREAKS, type LabBreak } from './lab-breaks.ts';

/** A page that noticed says where it is wrong; a page that could not be run at all does not. */
const NOTICED = /^FAIL .*\n +lessons\/.*:\d+ {2}/m;

const asked = process.argv.slice(2);
const breaks = LAB_BREAKS.filter(({ page }) => asked.length === 0 || asked.includes(page));
let missed = 0;
for (const labBreak of breaks) {
  const output = runBroken(labBreak);
  const isNoticed = NOTICED.test(output);
  if (!isNoticed) missed++;
  console.log(`${isNoticed ? 'caught' : 'MISSED'}  ${labBreak.page}: ${labBreak.what}`);
  console.log(output.replace(/^/gm, '     ').trimEnd());
}
console.log(`${breaks.length - missed} passed, ${missed} failed`);
process.exitCode = missed === 0 ? 0 : 1;

function runBroken({ page, file, from, to }: LabBreak): string {
  const copy = mkdtempSync(join(tmpdir(), 'rabbitmq-lab-'));
  try {
    for (const path of execFileSync('git', ['ls-files', '-z']).toString().split('\0')) {
      if (path !== '') cpSync(path, join(copy, path));
    }
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
    const text = readFileSync(join(copy, file), 'utf8');
    writeFileSync(
      join(copy, file),
      text.replace(from, () => to),
    );
    const command = ['--import', 'tsx', 'tests/pages/run.ts', '--bail', page];
    return spawnSync(process.execPath, command, { cwd: copy }).stdout.toString();
  } finally {
    rmSync(copy, { recursive: true });
  }
}
