/** Which printed lines tell of trouble, so that nothing but a line that the page shows may stand for them. Pure. */

/** A program that ends in order when it is told to, and make on a status that is looked at anyway. */
const FINE = /^ \[!\] SIG(?:INT|TERM): closing in order\.$|^make: \*\*\* /;

const TROUBLE = [
  // A program of the lab about its connection.
  /(?:^|\s)\[!\] /,
  // An error of a program, of Compose, of the broker's log.
  /\b[A-Za-z]*Error\b|\bERROR\b|\berror:|\[(?:error|critical)\]/,
  // The stack of a JavaScript error; that of a Python one.
  /^\s+at .*:\d+:\d+/,
  /^Traceback \(most recent call last\)/,
  // A container that ended with a status other than 0, in the words of `ps` and of `up`.
  /\bExit(?:ed)? \(?[1-9]\d*\b|\bexited with code [1-9]/,
];

/** Whether `line` says that something went wrong, or may have. */
export function isTrouble(line: string): boolean {
  return !FINE.test(line) && TROUBLE.some((trouble) => trouble.test(line));
}
