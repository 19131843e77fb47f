/** `npm start [-- arguments]`: installs and builds when needed, then runs the sidecar with the given arguments. */
import { runInForeground } from './child.mjs';
import { SIDECAR, say } from './project.mjs';
import { ensureReady } from './ready.mjs';

try {
  await ensureReady();
  process.exitCode = await runInForeground([SIDECAR, ...process.argv.slice(2)]);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
