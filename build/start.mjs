/** `npm start [-- arguments]`: installs and builds when needed, then runs the sidecar with the given arguments. */
import { runInForeground } from './child.mjs';
import { SIDECAR } from './project.mjs';
import { ensureReady } from './ready.mjs';
import { runScript } from './script.mjs';

await runScript(async () => {
  await ensureReady({ replace: true });
  return runInForeground([SIDECAR, ...process.argv.slice(2)]);
});
