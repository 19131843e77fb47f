/** How the page is bundled: one script, one style sheet and index.html in dist/ui/, all names but the last with a hash. */
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeOutput } from './atomic-output.mjs';
import { DIST, ROOT } from './project.mjs';

const SOURCE = path.join(ROOT, 'ui');
const TARGET = path.join(DIST, 'ui');

/** Files of ui/ that go out as they are. */
const ASSETS = ['icon.svg'];

/** The script's budget, bytes after gzip (issue 9). */
export const SCRIPT_BUDGET_BYTES = 150 * 1024;

/**
 * Results are handed back, not written (see atomic-output.mjs).
 * @returns {import('esbuild').BuildOptions & { write: false }}
 */
export function pageOptions() {
  return {
    absWorkingDir: ROOT,
    entryPoints: { main: 'ui/main.tsx' },
    outdir: TARGET,
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    platform: 'browser',
    target: ['es2022', 'chrome123', 'safari17.5'],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  };
}

/**
 * Writes the page and takes away what an older build left in dist/ui/.
 * @param {readonly import('esbuild').OutputFile[]} outputFiles
 * @returns {number} size of the script after gzip, bytes
 */
export function writePage(outputFiles) {
  const names = new Map(outputFiles.map((file) => [path.extname(file.path), path.basename(file.path)]));
  const script = outputFiles.find((file) => file.path.endsWith('.js'));
  const index = readFileSync(path.join(SOURCE, 'index.html'), 'utf8')
    .replace('/main.css', `/${names.get('.css')}`)
    .replace('/main.js', `/${names.get('.js')}`);
  for (const { path: file, contents } of outputFiles) writeOutput(file, contents);
  for (const name of ASSETS) writeOutput(path.join(TARGET, name), readFileSync(path.join(SOURCE, name)));
  writeOutput(path.join(TARGET, 'index.html'), index);
  removeOthers(new Set(['index.html', ...ASSETS, ...outputFiles.map((file) => path.relative(TARGET, file.path))]));
  return gzipSync(script?.contents ?? '').length;
}

/** @param {ReadonlySet<string>} wanted */
function removeOthers(wanted) {
  for (const name of readdirSync(TARGET, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(TARGET, name);
    if (!wanted.has(name) && statSync(file).isFile()) rmSync(file);
  }
}
