/**
 * Runs a TypeScript program of the project: `node build/run-node.mjs [--with-sidecar] path/to/main.ts [arguments]`.
 * It is bundled into .cache/run/; packages are loaded from node_modules. `--with-sidecar` builds dist/ first.
 */
import path from 'node:path';
import { runInForeground } from './child.mjs';
import { CACHE, ROOT } from './project.mjs';
import { ensureDependencies, ensureReady } from './ready.mjs';
import { ScriptFailure, runScript } from './script.mjs';

const args = process.argv.slice(2);
const withSidecar = args[0] === '--with-sidecar';
const [entry, ...programArgs] = withSidecar ? args.slice(1) : args;

/** @param {string} source */
async function bundleProgram(source) {
  const { build } = await import('esbuild');
  const outfile = path.join(CACHE, 'run', `${source.replace(/\.[cm]?tsx?$/, '').replaceAll(/[\\/]/g, '-')}.cjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}

await runScript(async () => {
  if (entry === undefined) {
    throw new ScriptFailure('Usage: node build/run-node.mjs [--with-sidecar] main.ts [arguments]');
  }
  await (withSidecar ? ensureReady({ replace: false }) : ensureDependencies({ replace: false }));
  const program = await bundleProgram(entry);
  return runInForeground(['--enable-source-maps', program, ...programArgs]);
});
