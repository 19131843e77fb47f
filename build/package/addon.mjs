/** SQLite's addon for the system that is packed for. */
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { CACHE, ROOT, SQLITE_ADDON } from '../project.mjs';
import { ScriptFailure } from '../script.mjs';
import { hostName } from './targets.mjs';

/**
 * Copies the addon to `file`. Other systems' addons are downloaded ready-made, or taken from `given`.
 * @param {import('./targets.mjs').Target} target
 * @param {string} file
 * @param {string | undefined} given path of an addon that was built elsewhere
 */
export function placeAddon(target, file, given) {
  if (given !== undefined && !existsSync(given)) throw new ScriptFailure(`There is no addon at ${given}.`);
  const host = target.name === hostName() ? SQLITE_ADDON : undefined;
  copyFileSync(given ?? host ?? downloadedAddon(target), file);
}

/** @param {import('./targets.mjs').Target} target */
function downloadedAddon(target) {
  const folder = path.join(CACHE, 'package', 'sqlite3', target.name);
  const addon = path.join(folder, 'build', 'Release', 'node_sqlite3.node');
  if (existsSync(addon)) return addon;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(ROOT, 'node_modules', 'sqlite3', 'package.json'), path.join(folder, 'package.json'));
  const [system = '', arch = ''] = target.name.split('-');
  const platform = { macos: 'darwin', win: 'win32' }[system] ?? system;
  const installer = path.join(ROOT, 'node_modules', 'prebuild-install', 'bin.js');
  try {
    execFileSync(process.execPath, [installer, '-r', 'napi', '--platform', platform, '--arch', arch], { cwd: folder });
  } catch {
    throw new ScriptFailure(
      `The SQLite addon for ${target.name} could not be downloaded (it comes from github.com). ` +
        'Build it on such a machine with "npm ci" and name it: --addon node_modules/sqlite3/build/Release/node_sqlite3.node',
    );
  }
  return addon;
}
