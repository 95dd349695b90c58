/** Whether a lesson's program runs with the broker that the lesson needs. */
import { existsSync, readFileSync } from 'node:fs';

/**
 * Why a lesson's program can't run here: its broker is one that broker/server/LESSON/compose.yml sets
 * up, and that file was left out. Where it is in force it says so to the programs: `LAB_BROKER: LESSON`.
 *
 * @param lesson the name of the program's file, without its ending
 * @param inForce the value of `LAB_BROKER`
 * @returns undefined if nothing is missing
 */
export function missingOverlay(lesson: string, inForce: string | undefined): string | undefined {
  const file = `broker/server/${lesson}/compose.yml`;
  const overlay = new URL(`../../${file}`, import.meta.url);
  if (inForce === lesson || !existsSync(overlay)) return undefined;
  if (!readFileSync(overlay, 'utf8').includes(`LAB_BROKER: ${lesson}`)) return undefined;
  return (
    `Lesson ${lesson} needs a broker of its own, which ${file} sets up. Type: make up LESSON=${lesson}. ` +
    `Before docker-compose, type: export LESSON=${lesson} COMPOSE_FILE=docker-compose.yml:${file}`
  );
}
