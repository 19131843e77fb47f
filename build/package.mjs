/**
 * `npm run package [-- --target NAME …] [--addon FILE]`: one executable with Node, the sidecar, the SQLite addon and the page
 * inside, for this machine unless told otherwise: `release/tightrope-<os>-<arch>`, with its SHA-256 beside it.
 */
import { parseArgs } from 'node:util';
import { makeExecutable, writeChecksums } from './package/make.mjs';
import { hostName, targetNamed } from './package/targets.mjs';
import { ensureReady } from './ready.mjs';
import { runScript } from './script.mjs';

await runScript(async () => {
  const { values } = parseArgs({
    options: { target: { type: 'string', multiple: true }, addon: { type: 'string' } },
  });
  const targets = (values.target ?? [hostName()]).map(targetNamed);
  await ensureReady({ replace: false });
  for (const target of targets) await makeExecutable(target, values.addon);
  writeChecksums();
  return 0;
});
