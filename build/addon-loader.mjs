/** The code that loads SQLite's addon inside the bundle, where there is no node_modules to search. */

/**
 * @param {string} addon path that the bundler turns into the file beside the bundle
 * @returns {string} a CommonJS module
 */
export function addonLoader(addon) {
  return `
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, join } = require('node:path');

module.exports = load();

function load() {
  try {
    return require(${JSON.stringify(addon)});
  } catch (cause) {
    return 'pkg' in process ? loadFromTemporaryFolder(cause) : fail(cause, 'Build it again: npm rebuild sqlite3 && npm run build');
  }
}

// An executable unpacks its addon below the home folder. Services often have none that can be written: then a private
// folder, which is gone as soon as the addon is loaded, does as well.
function loadFromTemporaryFolder(first) {
  const name = basename(${JSON.stringify(addon)});
  let folder;
  try {
    folder = mkdtempSync(join(tmpdir(), 'tightrope-'));
    const file = join(folder, name);
    writeFileSync(file, readFileSync(join(__dirname, name)), { mode: 0o700 });
    const loaded = { exports: {} };
    process.dlopen(loaded, file);
    return loaded.exports;
  } catch (cause) {
    return fail(cause, 'It was first tried below the home folder (' + firstLine(first) + '). Name a folder that can be written in PKG_NATIVE_CACHE_PATH');
  } finally {
    // Windows keeps a loaded file; the system's own tidying takes it.
    if (folder !== undefined && process.platform !== 'win32') rmSync(folder, { recursive: true, force: true });
  }
}

function fail(cause, advice) {
  throw new Error('The SQLite addon node_sqlite3.node could not be loaded (' + firstLine(cause) + '). ' + advice, { cause });
}

function firstLine(error) {
  return String(error.message).split('\\n')[0];
}
`;
}
