/** Runs Jest and counts what it says in its own result file. */
import { readFileSync, rmSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { runInForeground } from './child.mjs';
import { CACHE, ROOT } from './project.mjs';

const RESULTS = path.join(CACHE, 'test', 'jest.json');

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/**
 * @param {readonly string[]} levels Jest projects
 * @param {readonly string[]} extraArgs passed on to Jest
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Counts>}
 */
export async function runJest(levels, extraArgs, env) {
  mkdirSync(path.dirname(RESULTS), { recursive: true });
  rmSync(RESULTS, { force: true });
  const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const fixed = ['--rootDir', ROOT, '--selectProjects', ...levels, '--json', `--outputFile=${RESULTS}`];
  const code = await runInForeground([jest, ...extraArgs, ...fixed], { env });
  return countResults(readResults(), code);
}

/**
 * @typedef {object} JestResults
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numRuntimeErrorTestSuites files that did not even load
 */

/**
 * What Jest's own numbers and exit code mean together: a run without results, without tests, or with an exit code that
 * no failed test explains counts as one failure.
 * @param {JestResults | null} results
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countResults(results, exitCode) {
  if (results === null) return { passed: 0, failed: 1, skipped: 0 };
  const passed = results.numPassedTests;
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const unexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return { passed, failed: unexplained ? 1 : failed, skipped: results.numPendingTests };
}

/** @returns {JestResults | null} */
function readResults() {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8'));
  } catch {
    return null; // Jest died before it wrote them
  }
}
