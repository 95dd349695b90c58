/** The house keeps its shape: a lesson is its name, and each room knows only whom it may know. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const read = (path: string) => readFileSync(`${ROOT}/${path}`, 'utf8');

/** The lessons that a room has, by the names of its files: one file each, with one of these endings. */
function lessonsOf(room: string, ...endings: string[]): string[] {
  const names = (ending: string) =>
    globSync(`${room}/[0-9][0-9]-*${ending}`, { cwd: ROOT }).map((file) => basename(file, ending));
  return endings.flatMap(names).toSorted();
}

const LESSONS = lessonsOf('lessons', '.md');
const SOURCES = globSync(['*/**/*.{ts,tsx}', '{producer,consumer}/*.js'], {
  cwd: ROOT,
  exclude: ['**/node_modules', 'tests', 'viewer/tests'],
}).toSorted();
/** The lab itself. Further rooms may know it, and it knows none of them. */
const LAB = SOURCES.filter((path) => /^(broker|producer|consumer)\//.test(path));
const CONFIG = 'broker/client/config.ts';
/** A program of its own, with settings of its own. */
const VIEWER = SOURCES.filter((path) => path.startsWith('viewer/'));
const PROGRAMS = SOURCES.filter((path) => /^(producer|consumer)\//.test(path));
/** Programs that know nothing of the lab: bare JavaScript, each beside the same in Python. */
const BARE = PROGRAMS.filter((path) => path.endsWith('.js'));

/** The modules that a file imports, as they are written there. */
function importsOf(path: string): string[] {
  return [...read(path).matchAll(/(?:from |import |import\()'([^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
}

describe('a lesson is its name:', () => {
  test.each([
    ['producer', ['.ts', '.js']],
    ['consumer', ['.ts', '.js']],
    ['tests', ['.test.ts']],
  ])('%s/ has the same lessons as lessons/', (room, endings) => {
    expect(LESSONS).not.toEqual([]);
    expect(lessonsOf(room, ...endings)).toEqual(LESSONS);
  });

  test('one whose programs are bare has them on both sides, in both languages', () => {
    expect(BARE).not.toEqual([]);
    expect(lessonsOf('consumer', '.js')).toEqual(lessonsOf('producer', '.js'));
    for (const path of BARE) expect(read(path.replace(/js$/, 'py'))).toContain('import pika\n');
  });

  // A lesson with one declaration has it in both programs instead.
  test('broker/topology/ and broker/server/ have no others', () => {
    const servers = globSync('broker/server/[0-9]*', { cwd: ROOT }).map((path) => basename(path));
    expect(servers).not.toEqual([]);
    expect(LESSONS).toEqual(
      expect.arrayContaining([...lessonsOf('broker/topology', '.ts'), ...servers]),
    );
  });

  test('the table in README.md has a row for each, in their order', () => {
    const rows = [...read('README.md').matchAll(/^\|.*lessons\/(\d\d-[\w-]+)\.md/gm)];
    expect(rows.map((row) => row[1])).toEqual(LESSONS);
  });

  test.each(LESSONS)(
    '%s has a page whose title is the name and the question of that row',
    (name) => {
      const question = new RegExp(`^\\| \\[${name}\\]\\(lessons/${name}.md\\) \\| (.*) \\|$`, 'm');
      const asked = question.exec(read('README.md'))?.[1] ?? 'no row';
      const title = `# ${name.replace('-', ' ')}: ${asked.charAt(0).toLowerCase()}${asked.slice(1)}`;
      expect(read(`lessons/${name}.md`).split('\n')[0]).toBe(title);
    },
  );

  test('its page ends with the way to the next one, and the last one with the way back', () => {
    const title = (name: string) => name.replace('-', ' ');
    const ways = LESSONS.slice(1).map((name) => `Next: [${title(name)}](${name}.md)`);
    const ends = LESSONS.map((name) => read(`lessons/${name}.md`).trimEnd().split('\n').at(-1));
    expect(ends).toEqual([...ways, 'Back to [the list of lessons](../README.md#lessons)']);
  });
});

describe('who may know whom:', () => {
  test.each(LAB)('%s reads the environment only if it is broker/client/config.ts', (path) => {
    const reads = /process\.env|from 'dotenv'/.test(read(path).replaceAll(/^ \*.*$/gm, ''));
    expect(reads).toBe(path === CONFIG);
  });

  test.each(VIEWER)('%s reads the environment only if it is its settings', (path) => {
    const text = read(path).replaceAll(/^(\/\*\*| \*).*$/gm, '');
    expect(/process\.env/.test(text)).toBe(path === 'viewer/server/settings.ts');
  });

  test.each(SOURCES)('%s imports nothing of the viewer, unless it is of it', (path) => {
    for (const module of importsOf(path).filter((name) => name.startsWith('.'))) {
      const room = join(dirname(path), module).split('/')[0];
      expect(room === 'viewer', module).toBe(path.startsWith('viewer/'));
    }
  });

  test.each(PROGRAMS)('%s imports nothing of the other side, nor of another lesson', (path) => {
    const ours = importsOf(path).filter((module) => module.startsWith('.'));
    const client = ['config', 'connect', 'connection', 'channel', 'errors', 'tcp-web-socket'];
    const allowed = [
      ...client.map((file) => `../broker/client/${file}.ts`),
      `../broker/topology/${basename(path)}`,
    ];
    expect(allowed).toEqual(expect.arrayContaining(ours));
  });

  test.each(BARE)('%s imports amqplib alone', (path) => {
    expect(importsOf(path)).toEqual(['amqplib']);
  });

  test.each(SOURCES.filter((path) => path.startsWith('broker/')))('%s stays in broker/', (path) => {
    const inside = path.startsWith('broker/topology/')
      ? /^(\.|\.\.\/client)\/[\w-]+\.ts$/
      : /^\.\/[\w-]+\.ts$/;
    for (const module of importsOf(path).filter((name) => name.startsWith('.'))) {
      expect(module).toMatch(inside);
    }
  });
});

test.each(PROGRAMS)('%s can be read like a page: 85 lines of 100 characters', (path) => {
  const lines = read(path).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(85);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
});

describe('the settings of broker/client/config.ts are', () => {
  /** What Compose and make read, not the programs. */
  const THEIRS = /^(LESSON|ARGS|RABBITMQ_IMAGE)$|^(COMPOSE|DOCKER|HOST|LAB)_/;
  const settings = namesIn(read(CONFIG), /^ {2}'([A-Z_]+)',$/gm);

  /** The settings of the programs that a pattern finds, each once. */
  function namesIn(text: string, pattern: RegExp): string[] {
    const names = [...text.matchAll(pattern)].map((match) => match[1] ?? '');
    return [...new Set(names)].filter((name) => !THEIRS.test(name)).toSorted();
  }

  test('more than none', () => {
    expect(settings).toContain('AMQP_URL');
  });

  test('in the first column of a table of README.md', () => {
    const cells = read('README.md').match(/^\|[^|]*\|/gm) ?? [];
    expect(namesIn(cells.join('\n'), /`([A-Z][A-Z_]+)`/g)).toEqual(settings);
  });

  test('in .env.example', () => {
    expect(namesIn(read('.env.example'), /^#?([A-Z_]+)=/gm)).toEqual(settings);
  });

  test('what docker-compose.yml passes on, under the same names', () => {
    const passedOn = /^ +([A-Z_]+): \$\{\1:-/gm;
    expect(namesIn(read('docker-compose.yml'), passedOn)).toEqual(settings);
  });
});
