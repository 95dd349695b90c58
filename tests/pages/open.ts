/** Whether bash would ask for another line. Pure. */

/** The pieces of a command that matter here; what none of them matches is an open end. */
const PIECE =
  /\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|(?<![^\s;&|()])#.*|<<<|<<(-?) *(\\?[\w.-]+|'[^']+'|"[^"]+")|[^\\'"]/y;

/**
 * Whether `command` ends with a backslash, in an open quote or in an open here-document, so that
 * the next line of the page (`> ...`) belongs to it.
 */
export function isOpen(command: string): boolean {
  const awaited: { word: string; tabs: boolean }[] = [];
  let at = 0;
  while (at < command.length) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(command);
    if (!piece) return true;
    at = PIECE.lastIndex;
    if (piece[2]) awaited.push({ word: piece[2].replace(/[\\'"]/g, ''), tabs: piece[1] === '-' });
    // The here-documents of a line begin on the next one, one after the other.
    while (piece[0] === '\n' && awaited.length > 0) {
      const end = endOfHereDocument(command, at, awaited[0]);
      if (end === undefined) return true;
      awaited.shift();
      at = end;
    }
  }
  return awaited.length > 0;
}

function endOfHereDocument(
  command: string,
  from: number,
  awaited: { word: string; tabs: boolean } | undefined,
): number | undefined {
  let at = from;
  for (const line of command.slice(from).split('\n')) {
    at += line.length + 1;
    if ((awaited?.tabs ? line.replace(/^\t+/, '') : line) === awaited?.word) return at;
  }
  return undefined;
}
