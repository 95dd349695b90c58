/**
 * Loaded before a lesson's program: if there is no such program, it says which lessons there are, or
 * that this one runs without the lab. Without it, a mistyped LESSON ends in Node's own words about a
 * module it can't find.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';

const program = process.argv[1] ?? '';

if (!existsSync(program)) {
  const files = readdirSync(dirname(program)).filter((file) => /^\d\d-.*\.ts$/.test(file));
  const lessons = files.map((file) => basename(file, '.ts'));
  const asked = basename(program, '.ts');
  const isBare = existsSync(program.replace(/ts$/, 'js'));
  const why = isBare
    ? `Lesson "${asked}" runs without this lab: follow lessons/${asked}.md.`
    : `There is no lesson "${asked}".`;
  console.error(` [!] ${why} \`LESSON\` is one of: ${lessons.join(', ')}.`);
  process.exit(2);
}
