/** Where things are: the folders and files that several build scripts share. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The bundled sidecar and what it needs beside it. */
export const DIST = path.join(ROOT, 'dist');

/** Ignored folder for everything that may be thrown away at any time. */
export const CACHE = path.join(ROOT, '.cache');

/** The bundled sidecar and command line. */
export const SIDECAR = path.join(DIST, 'tightrope.cjs');

/** The project's own Node (the `node` package), whatever Node the user has. */
export const NODE = path.join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** SQLite's compiled addon as its install script leaves it. */
export const SQLITE_ADDON = path.join(ROOT, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');

/**
 * True when `moduleUrl` (`import.meta.url`) is the script that was started, not one that another imports.
 * @param {string} moduleUrl
 */
export function isMainScript(moduleUrl) {
  return process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(moduleUrl);
}

/**
 * Progress goes to stderr: stdout belongs to the program that is started.
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}
