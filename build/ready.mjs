/** Makes the sidecar runnable: dependencies in step with the lockfile, dist/ in step with the sources. */
import { isBuilt } from './fingerprint.mjs';
import { ensureInstalled } from './installation.mjs';
import { nodeRequirement } from './requirements.mjs';
import { ScriptFailure } from './script.mjs';

/**
 * Installs and builds what is missing or stale. Throws a ScriptFailure.
 * @param {{ replace: boolean }} options see {@link ensureInstalled}
 */
export async function ensureReady(options) {
  await ensureDependencies(options);
  if (isBuilt()) return;
  const { bundle } = await import('./bundle.mjs'); // needs esbuild, which may have been installed just now
  await bundle();
}

/**
 * Installs what is missing. Throws a ScriptFailure.
 * @param {{ replace: boolean }} options see {@link ensureInstalled}
 */
export async function ensureDependencies(options) {
  const node = nodeRequirement(process.versions.node);
  if (node !== null) throw new ScriptFailure(`Tightrope needs ${node.what}: ${node.install}.`);
  await ensureInstalled(options);
}
