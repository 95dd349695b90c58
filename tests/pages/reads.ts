/** Which commands only look, so that they may be run again until they show what the page shows. Pure. */

const OPTIONS = '(?: -[fnpuHP] \\S+| -\\S+)*';
const COMPOSE = `(?:docker-compose|docker compose|engine/compose)${OPTIONS}`;
const LOOK =
  `(?:rabbitmqctl${OPTIONS} (?:list_\\w+|status|report)|` +
  `rabbitmqadmin${OPTIONS} (?:list|show)|rabbitmq-diagnostics)`;

/** The whole list. A command is a read when its first words are one of these. */
const READS = [
  'docker (?:logs|ps|inspect)',
  `${COMPOSE} (?:logs|ps|top|port)`,
  `(?:docker|${COMPOSE}) exec(?: -\\S+)* \\S+ ${LOOK}`,
  'make (?:ps|queues|doctor)',
  'curl',
].map((words) => new RegExp(`^(?:\\w+=\\S* )*${words}(?= |$)`));

/** These never end, `make logs` among them: what they show comes by itself. */
const FOLLOWS = / logs .*(?:-f|--follow)\b/;

/** With one of these curl sends something. */
const SENDS = /^curl\b.* (?:-\w*[XdTF]|--(?:request|data|json|form|upload))/;

/** What may stand after a pipe: it only cuts and sorts what the read shows. */
const FILTER = /^(?:grep|head|tail|sort|uniq|wc|cut|tr|jq|column)(?= |$)/;

/** The id of a service's container stands in its place. */
const ID = /\$\((?:docker-compose|docker compose) ps -q [\w-]+\)/g;

/** Whether every part of the command only looks. When in doubt it doesn't: it is run once. */
export function isRead(command: string): boolean {
  const known = command.replace(ID, 'id');
  if (/\$\(|`/.test(known)) return false;
  const plain = known
    .replace(/\\\n|'[^']*'|"[^"]*"/g, (piece) => (piece === '\\\n' ? ' ' : 'quoted'))
    .replace(/\d?>(?:&\d|>? *\/dev\/null)/g, '');
  const [first = '', ...others] = plain.split(/&&|\|\||[;&|\n]/).map((part) => part.trim());
  return looks(first) && others.every((part) => looks(part) || FILTER.test(part));
}

function looks(part: string): boolean {
  const words = part.replace(/\s+/g, ' ');
  return READS.some((read) => read.test(words)) && !FOLLOWS.test(words) && !SENDS.test(words);
}
