/** Judges one result, given as JSON: were the controls seen to lose, and nobody else? */
import { judge } from './result.ts';

const wrong = judge([JSON.parse(process.argv[2] ?? '')]);
for (const sentence of wrong) console.error(` [!] ${sentence}`);
if (wrong.length === 0) console.log(' [x] The controls have lost messages, and no other row has.');
process.exit(wrong.length === 0 ? 0 : 1);
