/** What esbuild must be told about packages that load native code or optional drivers. */
import { existsSync } from 'node:fs';
import { addonLoader } from './addon-loader.mjs';
import { ROOT, SQLITE_ADDON } from './project.mjs';

/** Optional packages that knex and ws try to load. None of them is installed; a stub keeps them out of the bundle. */
const ABSENT_PACKAGES = [
  'better-sqlite3',
  'bufferutil',
  'mariadb/callback',
  'mysql',
  'mysql2',
  'oracledb',
  'pg',
  'pg-native',
  'pg-query-stream',
  'tedious',
  'utf-8-validate',
];

/**
 * Loads the addon from beside the bundle instead of searching node_modules, and says what to do when that fails.
 * @type {import('esbuild').Plugin}
 */
export const sqliteAddon = {
  name: 'sqlite-addon',
  setup(build) {
    build.onLoad({ filter: /sqlite3[\\/]lib[\\/]sqlite3-binding\.js$/ }, () => {
      if (!existsSync(SQLITE_ADDON)) {
        return { errors: [{ text: 'The SQLite addon is not compiled. Run: npm rebuild sqlite3' }] };
      }
      return { contents: addonLoader(SQLITE_ADDON), loader: 'js', resolveDir: ROOT };
    });
  },
};

/**
 * Replaces optional packages that are not installed by a module that fails as if they were absent.
 * @type {import('esbuild').Plugin}
 */
export const absentPackages = {
  name: 'absent-packages',
  setup(build) {
    const filter = new RegExp(`^(?:${ABSENT_PACKAGES.join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path, namespace: 'absent-package' }));
    build.onLoad({ filter: /.*/, namespace: 'absent-package' }, ({ path }) => ({
      contents: `throw Object.assign(new Error('${path} is not part of this build'), { code: 'MODULE_NOT_FOUND' });`,
      loader: 'js',
    }));
  },
};
