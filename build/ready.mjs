/** Makes the sidecar runnable: dependencies in step with the lockfile, dist/ in step with the sources. */
import { isBuilt } from './fingerprint.mjs';
import { ensureInstalled } from './installation.mjs';
import { nodeRequirement } from './requirements.mjs';

/** Installs and builds what is missing or stale. Throws an Error whose message is meant for the user. */
export async function ensureReady() {
  await ensureDependencies();
  if (isBuilt()) return;
  const { bundle } = await import('./bundle.mjs'); // needs esbuild, which may have been installed just now
  await bundle();
}

/** Installs what is missing. Throws an Error whose message is meant for the user. */
export async function ensureDependencies() {
  const node = nodeRequirement(process.versions.node);
  if (node !== null) throw new Error(`Tightrope needs ${node.what}: ${node.install}.`);
  await ensureInstalled();
}
