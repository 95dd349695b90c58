/** Where pages are played: a folder with the lab, and how long to wait for it. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pageEnvironment } from './environment.ts';
import type { Stage } from './play.ts';

/** The stage of the lab in the folder `cwd`, under the project's name that its containers get. */
export function stageAt(cwd: string, project = 'rabbitmq-lab-pages'): Stage {
  const env = { ...pageEnvironment(process.env), COMPOSE_PROJECT_NAME: project };
  return { cwd, env, readMs: 30_000, commandMs: 300_000 };
}

/**
 * Copies all that this folder has of the lab into another one, where what is played may change it.
 * The same folder again is set right again.
 */
export function copyLab(copy = mkdtempSync(join(tmpdir(), 'rabbitmq-lab-'))): string {
  const isOwn = (path: string) => !/^(?:node_modules|\.git)$/.test(basename(path));
  cpSync('.', copy, { recursive: true, filter: isOwn });
  return copy;
}

/** Makes a clean lab. Ends the program where that fails: no page could be right there. */
export function reset(stage: Stage): void {
  if (!succeeds('make reset', stage)) process.exit(1);
}

/** Removes the lab in a copy, all lessons' images, whose programs may be broken, and the copy. */
export function removeCopy(stage: Stage): void {
  const removeImages =
    'for file in broker/server/*/compose.yml; do ' +
    'COMPOSE_FILE=docker-compose.yml:$file engine/compose down --rmi local || exit; done';
  const isGone = succeeds(`make reset && ${removeImages}`, stage);
  if (!isGone) process.exitCode = 1;
  rmSync(stage.cwd, { recursive: true, force: true });
}

function succeeds(command: string, { cwd, env, commandMs }: Stage): boolean {
  try {
    execFileSync('bash', ['-c', `exec 2>&1; ${command}`], { cwd, env, timeout: commandMs });
    return true;
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? error.stdout : error;
    console.log(`FAIL ${command}\n${output}`);
    return false;
  }
}
