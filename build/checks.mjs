/** The checks that run no product code: format, lint, types. Sizes are printed with them. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { CACHE, NODE, ROOT } from './project.mjs';
import { sizeReport } from './size-report.mjs';

const MODULES = path.join(ROOT, 'node_modules');

/** @type {{ name: string, args: string[] }[]} */
const CHECKS = [
  {
    name: 'format (prettier)',
    args: [
      path.join(MODULES, 'prettier', 'bin', 'prettier.cjs'),
      ...['--check', '--log-level', 'warn', '--cache', '--cache-location', path.join(CACHE, 'prettier'), '.'],
    ],
  },
  {
    name: 'types (tsc)',
    args: [path.join(MODULES, 'typescript', 'bin', 'tsc'), '--noEmit', '--pretty', 'false', '-p', '.'],
  },
  {
    name: 'types of the page (tsc)',
    args: [path.join(MODULES, 'typescript', 'bin', 'tsc'), '--noEmit', '--pretty', 'false', '-p', 'ui'],
  },
  { name: 'lint (eslint)', args: [path.join(MODULES, 'eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.'] },
];

/**
 * Runs all checks side by side and prints what each of them says, failed ones in full.
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks() {
  const results = await Promise.all(
    CHECKS.map(async ({ name, args }) => {
      const { code, output } = await capture(args);
      process.stdout.write(code === 0 ? `PASS ${name}\n` : `FAIL ${name}\n${output}\n`);
      return { passed: code === 0, longFunctions: output.match(/max-lines-per-function$/gm)?.length ?? 0 };
    }),
  );
  const longFunctions = results.reduce((sum, result) => sum + result.longFunctions, 0);
  process.stdout.write(`${[...sizeReport(), `functions over 60 lines: ${longFunctions}`].join('\n')}\n`);
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed };
}

/**
 * @param {string[]} args script and arguments for the project's Node
 * @returns {Promise<{ code: number, output: string }>} stdout and stderr in one text
 */
function capture(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
