/** Makes dist/viewer.html: the page with its script and style in it, so that it needs nothing else. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { outputFiles } = await build({
  entryPoints: ['page/main.tsx'],
  bundle: true,
  minify: true,
  write: false,
  format: 'iife',
  target: 'es2023',
  tsconfigRaw: {},
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // elkjs asks for it where there are no workers, as on a page of a file. It isn't used.
  external: ['web-worker'],
  legalComments: 'inline',
  charset: 'utf8',
});
// A script ends at the first "</script" in it, also within a string.
const script = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
const style = readFileSync('page/style.css', 'utf8');
const page = readFileSync('page/index.html', 'utf8');
mkdirSync('dist', { recursive: true });
writeFileSync(
  'dist/viewer.html',
  // Functions, since "$" has a meaning in a replacement.
  page
    .replace('<style></style>', () => `<style>${style}</style>`)
    .replace('<script></script>', () => `<script>${script}</script>`),
);
