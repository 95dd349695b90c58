/** What Compose and Docker print about their own work, which is no business of a page. Pure. */

/** These lines differ between versions of Compose and tell nothing: a page never shows one. */
const PROGRESS = [
  // Version 1.
  /^Attaching to /,
  /^(?:Creat|Recreat|Start|Stopp|Restart|Remov|Kill|Paus|Unpaus)ing \S+ +\.{3}(?: done)? *$/,
  /^(?:Creating|Removing) (?:network|volume) \S+/,
  /^\S+ is up-to-date$/,
  // Version 2.
  /^ (?:Container|Network|Volume|Image) \S+ {2}(?!Error)[A-Z][a-z]+ *$/,
  // Both: orphans are those of another lesson's file, and to version 2 those that `run` started, too
  // (docker/compose, issue 12314).
  /^(?:WARNING: |time="[^"]+" level=warning msg="|WARN\[\d+\] )?Found orphan containers \(\[?[\w, -]+\]?\) for this project\./,
];

/** Whether `line` is Compose's own report of a container, network or volume that it made or ended. */
export function isProgress(line: string): boolean {
  return PROGRESS.some((progress) => progress.test(line));
}

/** Without the line with which Compose ends a `run` that failed: version 1 its status, 2 an empty one. */
export function withoutStatus(lines: string[], command: string, status: number): string[] {
  const last = lines.at(-1);
  const saysIt = status !== 0 && (last === `${status}` || last === '') && RUNS.test(command);
  return saysIt ? lines.slice(0, -1) : lines;
}

const SETTINGS = '(?:\\w+=\\S* )*';
const COMPOSE = '(?:docker-compose|docker compose)(?: -[fp] \\S+)*';
const RUNS = new RegExp(`^${SETTINGS}${COMPOSE} run `);
const MAKES = '(?:down|start|stop|restart|kill|pause|unpause|rm|create|build|pull)';

/** The whole list of commands that only change the lab. */
const CHANGES = [
  'make (?:up|down|reset)(?: \\w+=\\S*)*',
  `${COMPOSE} (?:${MAKES}|up (?:.* )?(?:-d|--detach)|run (?:.* )?(?:-d|--detach))(?: .*)?`,
].map((words) => new RegExp(`^${SETTINGS}${words}$`));

/**
 * Whether `command` does nothing but change the lab, so that all it prints is the progress of that.
 * A command that is more than one simple command isn't.
 */
export function changesLab(command: string): boolean {
  const one = command.replace(/\\\n/g, ' ').replace(/[^\S\n]+/g, ' ');
  const plain = one.replace(/'[^']*'|"[^"]*"/g, 'quoted');
  return !/[;&|<>`\n]|\$\(/.test(plain) && CHANGES.some((change) => change.test(plain));
}
