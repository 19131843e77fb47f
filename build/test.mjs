/**
 * `npm test [-- jest arguments]`: says what this machine lacks, installs, builds, checks and runs every level of tests.
 * `node build/test.mjs <level> …` runs one level without the checks. The last line is `N passed, N failed`.
 */
import { findBrowser } from './browser.mjs';
import { say } from './project.mjs';
import { missingRequirements } from './requirements.mjs';
import { sayFailure } from './script.mjs';

const LEVELS = ['unit', 'integration', 'clients', 'packaged', 'e2e'];

const [first = '', ...rest] = process.argv.slice(2);
const oneLevel = LEVELS.includes(first);
const levels = oneLevel ? [first] : LEVELS;
const jestArgs = oneLevel ? rest : process.argv.slice(2);

/** @returns {Promise<{ passed: number, failed: number, skipped: number }>} */
async function run() {
  const missing = missingRequirements({
    integration: levels.includes('integration'),
    browser: levels.includes('e2e') ? findBrowser : null,
  });
  if (missing.length > 0) {
    say('npm test needs what is not here:');
    for (const { what, why, install } of missing) say(`  ${what} — ${why}. Install: ${install}`);
    return { passed: 0, failed: missing.length, skipped: 0 };
  }
  const { ensureReady } = await import('./ready.mjs');
  await ensureReady({ replace: !oneLevel });
  if (levels.includes('clients') || levels.includes('packaged')) {
    const { ensureTool } = await import('./tools.mjs');
    await ensureTool('codex');
  }
  if (levels.includes('packaged')) {
    const { ensureExecutable } = await import('./package/make.mjs');
    await ensureExecutable();
  }
  const { runJest } = await import('./jest-run.mjs');
  const { runChecks } = await import('./checks.mjs');
  const checks = oneLevel ? { passed: 0, failed: 0 } : await runChecks();
  const tests = await runJest(levels, jestArgs, process.env);
  return { ...tests, passed: checks.passed + tests.passed, failed: checks.failed + tests.failed };
}

/** The counts, whatever happens: their line must be the last one. */
async function runCounted() {
  try {
    return await run();
  } catch (error) {
    sayFailure(error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const { passed, failed, skipped } = await runCounted();
if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
