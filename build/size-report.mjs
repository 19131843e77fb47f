/** How long our files are: the median says little, the tail says where nobody can review a decision by itself. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './project.mjs';

const SOURCE_FOLDERS = ['sidecar', 'migrations', 'ui', 'build'];

/** Files longer than this are named one by one. Lines. */
const NAMED_FROM = 250;

/** @typedef {{ file: string, lines: number }} FileSize */

/**
 * Two lines of distribution (sources, tests) and the names of the long files.
 * @returns {string[]}
 */
export function sizeReport() {
  const sources = SOURCE_FOLDERS.flatMap(sizesBelow);
  const tests = sizesBelow('test');
  const long = [...sources, ...tests].filter(({ lines }) => lines > NAMED_FROM).sort((a, b) => b.lines - a.lines);
  return [
    describe('sources', sources),
    describe('tests', tests),
    ...long.map(({ file, lines }) => `  over ${NAMED_FROM}: ${file} ${lines}`),
  ];
}

/**
 * Value below which the given share of the sorted numbers lies (nearest rank); 0 for none.
 * @param {readonly number[]} sorted
 * @param {number} share 0 … 1
 */
export function percentile(sorted, share) {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/**
 * @param {string} name
 * @param {readonly FileSize[]} sizes
 */
function describe(name, sizes) {
  const sorted = sizes.map(({ lines }) => lines).sort((a, b) => a - b);
  const total = sorted.reduce((sum, lines) => sum + lines, 0);
  const numbers = `median ${percentile(sorted, 0.5)}, p90 ${percentile(sorted, 0.9)}, max ${sorted.at(-1) ?? 0}`;
  return `${name}: ${sorted.length} files, ${total} lines; ${numbers}`;
}

/**
 * @param {string} folder below the root; may be absent
 * @returns {FileSize[]}
 */
function sizesBelow(folder) {
  return codeFiles(path.join(ROOT, folder)).map((file) => ({
    file: path.relative(ROOT, file),
    lines: readFileSync(file, 'utf8').split('\n').length - 1,
  }));
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function codeFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
