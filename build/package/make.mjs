/** Makes one executable: what goes in is laid out in a folder of its own, the packer does the rest. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { sourcesFingerprint } from '../fingerprint.mjs';
import { CACHE, DIST, NODE, ROOT, say } from '../project.mjs';
import { ScriptFailure } from '../script.mjs';
import { hostName, targetNamed } from './targets.mjs';

const RELEASE = path.join(ROOT, 'release');
/** Fingerprint of the sources that this machine's executable was made from. */
const STAMP = path.join(CACHE, 'package', 'sources');

/** @param {import('./targets.mjs').Target} target */
function executableOf(target) {
  return path.join(RELEASE, `tightrope-${target.name}${target.ending}`);
}

/**
 * This machine's executable, made unless it is there and in step with the sources. dist/ must be built.
 * @returns {Promise<string>} its path
 */
export async function ensureExecutable() {
  const target = targetNamed(hostName());
  const file = executableOf(target);
  const stamp = sourcesFingerprint();
  if (existsSync(file) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return file;
  await makeExecutable(target, undefined);
  writeFileSync(STAMP, stamp);
  return file;
}

/**
 * Writes `release/tightrope-<name>`. dist/ must be built. Throws a ScriptFailure.
 * @param {import('./targets.mjs').Target} target
 * @param {string | undefined} addon path of an SQLite addon that was built elsewhere
 */
export async function makeExecutable(target, addon) {
  const startedAt = performance.now();
  const staging = path.join(CACHE, 'package', 'staging', target.name);
  await stage(target, staging, addon);
  const { PACKER_HOME, seedPackerCache } = await import('./packer-cache.mjs');
  await seedPackerCache(target);
  mkdirSync(RELEASE, { recursive: true });
  const file = executableOf(target);
  const unfinished = path.join(staging, `packed${target.ending}`);
  const packer = path.join(ROOT, 'node_modules', '@yao-pkg', 'pkg', 'lib-es5', 'bin.js');
  say(`Packing ${path.relative(process.cwd(), file)} …`);
  try {
    execFileSync(NODE, [packer, staging, '-o', unfinished], {
      env: { ...process.env, HOME: PACKER_HOME, USERPROFILE: PACKER_HOME },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch (error) {
    throw new ScriptFailure(`The packer failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  renameSync(unfinished, file);
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  say(
    `Packed ${path.relative(process.cwd(), file)}: ${megabytes} MB in ${Math.round(performance.now() - startedAt)} ms.`,
  );
  if (target.name.startsWith('macos-')) say('It is not signed. On a Mac run: codesign --sign - <file>');
}

/**
 * A folder with nothing but what goes in. Its package.json names no dependencies: the packer would ship them all.
 * @param {import('./targets.mjs').Target} target
 * @param {string} staging
 * @param {string | undefined} addon
 */
async function stage(target, staging, addon) {
  const { build } = await import('esbuild');
  const { bundleOptions, projectVersion } = await import('../bundle-options.mjs');
  const { placeAddon } = await import('./addon.mjs');
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  await build({ ...bundleOptions(), outdir: staging, minify: true, sourcemap: false, write: true });
  placeAddon(target, path.join(staging, 'node_sqlite3.node'), addon);
  cpSync(path.join(DIST, 'ui'), path.join(staging, 'ui'), { recursive: true });
  const manifest = {
    name: 'tightrope',
    version: projectVersion(),
    bin: 'tightrope.cjs',
    pkg: { sea: true, assets: ['ui/**/*', '*.node'], targets: [target.pkg] },
  };
  writeFileSync(path.join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** `release/SHA256SUMS`, in the form that `sha256sum -c` reads. */
export function writeChecksums() {
  const lines = readdirSync(RELEASE)
    .filter((name) => name.startsWith('tightrope-'))
    .sort()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(path.join(RELEASE, name)))
          .digest('hex')}  ${name}\n`,
    );
  writeFileSync(path.join(RELEASE, 'SHA256SUMS'), lines.join(''));
}
