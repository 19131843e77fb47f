/** Who imports whom, read from the files as they are on disk; type imports count. */
import { readFileSync, statSync } from 'node:fs';
import ts from 'typescript';
import { isRelative, resolveRelative } from './module-files.mjs';

/** A file is looked at again after this, so that an editor's lint server sees changes. */
const RECHECK_MS = 1_000;

/** Reads each file once and again when it has changed. */
export class ImportGraph {
  /** @type {Map<string, { mtimeMs: number, checkedAt: number, imports: readonly string[] }>} */
  #files = new Map();

  /**
   * Absolute paths of the project files that `file` imports, in the order of the text.
   * @param {string} file
   * @returns {readonly string[]}
   */
  importsOf(file) {
    const known = this.#files.get(file);
    const now = performance.now();
    if (known !== undefined && now - known.checkedAt < RECHECK_MS) return known.imports;
    const mtimeMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;
    const imports = known?.mtimeMs === mtimeMs ? known.imports : mtimeMs === -1 ? [] : readImports(file);
    this.#files.set(file, { mtimeMs, checkedAt: now, imports });
    return imports;
  }

  /**
   * Shortest way along imports from one file to another, both ends included; `null` when there is none.
   * @param {string} from
   * @param {string} to
   * @returns {string[] | null}
   */
  path(from, to) {
    /** @type {Map<string, string | null>} */
    const cameFrom = new Map([[from, null]]);
    for (const file of cameFrom.keys()) {
      if (file === to) return trace(cameFrom, to);
      for (const next of this.importsOf(file)) if (!cameFrom.has(next)) cameFrom.set(next, file);
    }
    return null;
  }
}

/**
 * @param {ReadonlyMap<string, string | null>} cameFrom
 * @param {string} end
 */
function trace(cameFrom, end) {
  const way = [];
  for (let file = /** @type {string | null} */ (end); file !== null; file = cameFrom.get(file) ?? null)
    way.unshift(file);
  return way;
}

/** @param {string} file */
function readImports(file) {
  const specifiers = ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map((entry) => entry.fileName);
  return specifiers
    .filter(isRelative)
    .map((specifier) => resolveRelative(file, specifier))
    .filter((target) => target !== null)
    .filter((target) => /\.[cm]?[jt]sx?$/.test(target));
}
