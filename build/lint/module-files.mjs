/** From the text of a relative import to the file it means. */
import { statSync } from 'node:fs';
import path from 'node:path';

const ENDINGS = ['', '.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '/index.ts', '/index.tsx', '/index.mjs'];

/**
 * Absolute path of the file that a relative specifier means, `null` when there is none.
 * @param {string} importer absolute path
 * @param {string} specifier
 */
export function resolveRelative(importer, specifier) {
  const base = path.resolve(path.dirname(importer), specifier);
  return ENDINGS.map((ending) => base + ending).find(isFile) ?? null;
}

/**
 * Like {@link resolveRelative}, and the bare path when the file does not exist (yet): layers are told by folders.
 * @param {string} importer
 * @param {string} specifier
 */
export function targetOf(importer, specifier) {
  return resolveRelative(importer, specifier) ?? path.resolve(path.dirname(importer), specifier);
}

/** @param {string} specifier */
export function isRelative(specifier) {
  return specifier.startsWith('.');
}

/** @param {string} file */
function isFile(file) {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
