/** Judges one result, given as JSON: were the controls seen to lose, and nobody else? */
import { judge, type Result } from './result.ts';

const result: Result = JSON.parse(process.argv[2] ?? '');
const wrong = result.notRun ? [`${result.title}: ${result.notRun}`] : judge([result]);
for (const sentence of wrong) console.error(` [!] ${sentence}`);
if (wrong.length === 0) console.log(' [x] The controls have lost messages, and no other row has.');
process.exit(wrong.length === 0 ? 0 : 1);
