/** `npm run check`: format, lint, types and the distribution of file sizes. */
import { runChecks } from './checks.mjs';
import { ensureDependencies } from './ready.mjs';
import { runScript } from './script.mjs';

await runScript(async () => {
  await ensureDependencies({ replace: false });
  const { passed, failed } = await runChecks();
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
});
