/** Where things lie on this machine: the data directory of the platform and relative paths (design §7). */
import { homedir } from 'node:os';
import path from 'node:path';

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What reading a path depends on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  readonly home: string;
  /** The platform's own place for our data, absolute. */
  readonly platformDataDirectory: string;
}

/** Name of the database file in the platform's data directory. */
const DATABASE_FILE = 'store.db';

/** Reads the surroundings once; everything after is a function of them. */
export function surroundingsOf(env: Environment, cwd: string, platform: NodeJS.Platform): Surroundings {
  const home = given(platform === 'win32' ? env['USERPROFILE'] : env['HOME']) ?? homedir();
  return { platform, cwd, home, platformDataDirectory: platformDataDirectory(env, home, platform) };
}

/** The database when nobody names one. */
export function defaultDatabasePath({ platform, platformDataDirectory }: Surroundings): string {
  return syntaxOf(platform).join(platformDataDirectory, DATABASE_FILE);
}

/** The data directory is the folder of the database file (design §10). */
export function dataDirectoryOf(databasePath: string, platform: NodeJS.Platform): string {
  return syntaxOf(platform).dirname(databasePath);
}

/** An absolute path: `~/` is the home directory (no shell expands it in a TOML file), the rest counts from cwd. */
export function absolutePath(given: string, { platform, cwd, home }: Surroundings): string {
  const syntax = syntaxOf(platform);
  const expanded = /^~(?=$|[\\/])/.test(given) ? home + given.slice(1) : given;
  return syntax.resolve(cwd, expanded);
}

function platformDataDirectory(env: Environment, home: string, platform: NodeJS.Platform): string {
  const syntax = syntaxOf(platform);
  switch (platform) {
    case 'win32':
      return syntax.join(given(env['APPDATA']) ?? syntax.join(home, 'AppData', 'Roaming'), 'tightrope');
    case 'darwin':
      return syntax.join(home, 'Library', 'Application Support', 'tightrope');
    default:
      return syntax.join(xdgDataHome(env) ?? syntax.join(home, '.local', 'share'), 'tightrope');
  }
}

/** A relative `XDG_DATA_HOME` must be ignored (XDG Base Directory Specification 0.8). */
function xdgDataHome(env: Environment): string | undefined {
  const folder = given(env['XDG_DATA_HOME']);
  return folder !== undefined && path.posix.isAbsolute(folder) ? folder : undefined;
}

function syntaxOf(platform: NodeJS.Platform): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
