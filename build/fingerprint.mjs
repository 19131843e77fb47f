/** Tells whether dist/ is in step with the sources without reading a single one of them. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DIST, ROOT, SIDECAR } from './project.mjs';

const SOURCES = ['sidecar', 'migrations', 'ui', 'build', 'package.json', 'package-lock.json'];

/** Where a build leaves the fingerprint of the sources it was made from. */
export const BUILD_STAMP = path.join(DIST, '.sources');

/** Fingerprint of everything that goes into dist/. */
export function sourcesFingerprint() {
  return fingerprint(ROOT, SOURCES);
}

/** True when dist/ holds what the sources would give. */
export function isBuilt() {
  if (!existsSync(SIDECAR) || !existsSync(BUILD_STAMP)) return false;
  return readFileSync(BUILD_STAMP, 'utf8') === sourcesFingerprint();
}

/**
 * Hash over path, size and time of every file below `entries` (files or folders, relative to `root`; absent ones count
 * as empty): changes when a file comes, goes or is written.
 * @param {string} root
 * @param {readonly string[]} entries
 */
export function fingerprint(root, entries) {
  const hash = createHash('sha256');
  for (const entry of entries) {
    for (const file of filesBelow(path.join(root, entry))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${path.relative(root, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} entry
 * @returns {string[]} in a stable order
 */
function filesBelow(entry) {
  const stats = statSync(entry, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isFile()) return [entry];
  return readdirSync(entry)
    .sort()
    .flatMap((name) => filesBelow(path.join(entry, name)));
}
