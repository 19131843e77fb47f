/** How the sidecar is bundled: shared by `npm run build` and `npm run dev`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { absentPackages, sqliteAddon } from './esbuild-plugins.mjs';
import { DIST, ROOT } from './project.mjs';

/** Version in package.json. */
export function projectVersion() {
  /** @type {{ version: string }} */
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  return manifest.version;
}

/** Short commit id of the checkout, `unknown` in a source archive or without git. */
function commitId() {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/**
 * Results are handed back, not written (see atomic-output.mjs). Names of functions are kept as they are because nothing
 * is minified; esbuild's `keepNames` would wrap every closure of the hot path.
 * @returns {import('esbuild').BuildOptions & { write: false }}
 */
export function bundleOptions() {
  return {
    absWorkingDir: ROOT,
    entryPoints: { tightrope: 'sidecar/main.ts' },
    outdir: DIST,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    define: {
      __TIGHTROPE_VERSION__: JSON.stringify(projectVersion()),
      __TIGHTROPE_COMMIT__: JSON.stringify(commitId()),
    },
    loader: { '.node': 'copy' },
    assetNames: '[name]',
    plugins: [sqliteAddon, absentPackages],
    logLevel: 'warning',
    write: false,
  };
}
