/** `npm run build`: writes dist/tightrope.cjs, the SQLite addon, dist/ui and dist/package.json. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { writeOutput } from './atomic-output.mjs';
import { bundleOptions, projectVersion } from './bundle-options.mjs';
import { BUILD_STAMP, sourcesFingerprint } from './fingerprint.mjs';
import { DIST, ROOT, isMainScript, say } from './project.mjs';

/** Bundles and writes everything the sidecar needs to run with nothing but dist/ beside it. */
export async function bundle() {
  const startedAt = performance.now();
  const stamp = sourcesFingerprint();
  const { outputFiles } = await build(bundleOptions());
  writeBundle(outputFiles);
  writeOutput(BUILD_STAMP, stamp);
  say(`Built dist/tightrope.cjs in ${Math.round(performance.now() - startedAt)} ms.`);
}

/**
 * @param {readonly import('esbuild').OutputFile[]} outputFiles
 */
export function writeBundle(outputFiles) {
  for (const { path: file, contents } of outputFiles) writeOutput(file, contents);
  const manifest = { name: 'tightrope', version: projectVersion(), private: true, bin: { tightrope: 'tightrope.cjs' } };
  writeOutput(path.join(DIST, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyPage();
}

/** The page: ui/ itself once it has an index.html, the placeholder until then. */
function copyPage() {
  const page = [path.join(ROOT, 'ui'), path.join(ROOT, 'ui', 'placeholder')].find((folder) =>
    existsSync(path.join(folder, 'index.html')),
  );
  const target = path.join(DIST, 'ui');
  if (page === undefined) return rmSync(target, { recursive: true, force: true });
  const wanted = new Set(filesIn(page));
  for (const name of wanted) writeOutput(path.join(target, name), readFileSync(path.join(page, name)));
  if (!existsSync(target)) return;
  for (const name of filesIn(target)) if (!wanted.has(name)) rmSync(path.join(target, name));
}

/**
 * @param {string} folder
 * @returns {string[]} names of all files below, relative to `folder`
 */
function filesIn(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(path.join(folder, name)).isFile());
}

if (isMainScript(import.meta.url)) await bundle();
