/** `npm run build`: writes dist/tightrope.cjs, the SQLite addon, dist/ui and dist/package.json. */
import path from 'node:path';
import { build } from 'esbuild';
import { writeOutput } from './atomic-output.mjs';
import { bundleOptions, projectVersion } from './bundle-options.mjs';
import { BUILD_STAMP, sourcesFingerprint } from './fingerprint.mjs';
import { pageOptions, SCRIPT_BUDGET_BYTES, writePage } from './page-bundle.mjs';
import { DIST, isMainScript, say } from './project.mjs';
import { ScriptFailure } from './script.mjs';

/** Bundles and writes everything the sidecar needs to run with nothing but dist/ beside it. */
export async function bundle() {
  const startedAt = performance.now();
  const stamp = sourcesFingerprint();
  const [sidecar, page] = await Promise.all([build(bundleOptions()), build(pageOptions())]);
  writeBundle(sidecar.outputFiles);
  const scriptBytes = writePage(page.outputFiles);
  writeOutput(BUILD_STAMP, stamp);
  const kilobytes = (scriptBytes / 1024).toFixed(1);
  say(
    `Built dist/tightrope.cjs and dist/ui (script ${kilobytes} kB gz) in ${Math.round(performance.now() - startedAt)} ms.`,
  );
  if (scriptBytes > SCRIPT_BUDGET_BYTES) {
    throw new ScriptFailure(`The page's script is over its budget of ${SCRIPT_BUDGET_BYTES / 1024} kB after gzip.`);
  }
}

/**
 * @param {readonly import('esbuild').OutputFile[]} outputFiles
 */
export function writeBundle(outputFiles) {
  for (const { path: file, contents } of outputFiles) writeOutput(file, contents);
  const manifest = { name: 'tightrope', version: projectVersion(), private: true, bin: { tightrope: 'tightrope.cjs' } };
  writeOutput(path.join(DIST, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

if (isMainScript(import.meta.url)) await bundle();
