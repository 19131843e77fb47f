/** `npm run check`: format, lint, types and the distribution of file sizes. */
import { runChecks } from './checks.mjs';
import { ensureDependencies } from './ready.mjs';

await ensureDependencies();
const { passed, failed } = await runChecks();
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
