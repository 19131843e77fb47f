/** Writes build results so that a sidecar that runs from the same folder never meets half a file. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes beside the target and renames over it; leaves a file with the same content alone. Overwriting the SQLite addon
 * in place would crash every process that has it mapped.
 * @param {string} file
 * @param {string | Uint8Array} content
 */
export function writeOutput(file, content) {
  const bytes = Buffer.from(content);
  if (readExisting(file)?.equals(bytes)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, bytes);
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** @param {string} file */
function readExisting(file) {
  try {
    return readFileSync(file);
  } catch {
    return null; // not there yet
  }
}
