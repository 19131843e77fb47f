/** Brings node_modules in step with package-lock.json, and says what is going on while it does. */
import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NODE, ROOT, SQLITE_ADDON, say } from './project.mjs';
import { ScriptFailure } from './script.mjs';
import { compilerInstallLine, findProgram, missingCompilerPrograms } from './requirements.mjs';

/** How often a line says that the installation is still running. */
const PROGRESS_INTERVAL_MS = 30_000;

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lockfile */

/**
 * Why node_modules cannot be used as it is, `null` when it can. npm's own record of what it installed is the stamp:
 * it is written last, so that an interrupted installation leaves none.
 * @returns {string | null}
 */
export function installationProblem() {
  const installed = readLockfile(path.join(ROOT, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'the dependencies are not installed';
  const wanted = readLockfile(path.join(ROOT, 'package-lock.json'));
  if (wanted === null) return 'package-lock.json cannot be read';
  const differing = differingPackage(wanted, installed);
  if (differing !== null) return `package-lock.json has changed (${differing})`;
  if (!existsSync(NODE)) return "the project's Node is missing";
  if (!existsSync(SQLITE_ADDON)) return 'the SQLite addon is missing';
  return null;
}

/**
 * First package that is not installed in the version of the lockfile. Optional ones (other platforms' binaries) may lack.
 * @param {Lockfile} wanted
 * @param {Lockfile} installed
 * @returns {string | null}
 */
export function differingPackage(wanted, installed) {
  for (const [folder, entry] of Object.entries(wanted.packages)) {
    const here = installed.packages[folder];
    const lacking = here === undefined ? entry.optional !== true : here.version !== entry.version;
    if (folder !== '' && lacking) return folder.replace(/^node_modules\//, '');
  }
  return null;
}

/**
 * @param {string} file
 * @returns {Lockfile | null} `null` when it is absent or not JSON
 */
function readLockfile(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // both cases mean: install again
  }
}

/**
 * Installs when needed. Throws a ScriptFailure.
 * @param {{ replace: boolean }} options whether a node_modules that is out of step may be replaced, which pulls it away
 *   from under everything that runs from it; an absent one is always installed
 */
export async function ensureInstalled({ replace }) {
  const problem = installationProblem();
  if (problem === null) return;
  const existing = lstatSync(path.join(ROOT, 'node_modules'), { throwIfNoEntry: false });
  // `npm ci` would empty the folder that a link points to, which is another project's.
  if (existing?.isSymbolicLink())
    throw new ScriptFailure(`node_modules is a link, and ${problem}: install where it points to.`);
  if (existing !== undefined && !replace) throw new ScriptFailure(`Not in step: ${problem}. Run: npm ci`);
  say(`Installing dependencies: ${problem}.`);
  say(
    'This runs once. Where no ready-made SQLite addon can be downloaded it is compiled, which can take some minutes.',
  );
  const startedAt = Date.now();
  const progress = setInterval(() => {
    say(`Still installing (${Math.round((Date.now() - startedAt) / 1000)} s) …`);
  }, PROGRESS_INTERVAL_MS);
  try {
    const code = await runNpm(['ci', '--include=dev', '--ignore-scripts=false', '--no-audit', '--no-fund']);
    if (code !== 0) throw new ScriptFailure(installationAdvice(code));
  } finally {
    clearInterval(progress);
  }
  const remaining = installationProblem();
  if (remaining !== null)
    throw new ScriptFailure(`npm ci succeeded, but ${remaining}. Remove node_modules and try again.`);
  say(`Dependencies installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** @param {number} code */
function installationAdvice(code) {
  const missing = missingCompilerPrograms();
  const lines = [`npm ci failed with exit code ${code}; its own message stands above.`];
  if (missing.length > 0) lines.push(`Missing for compiling the SQLite addon: ${missing.join(', ')}.`);
  lines.push(
    'If it speaks of node-gyp or sqlite3: the SQLite addon could not be downloaded ready-made and needs a compiler.',
    `Install python3, make and g++ with: ${compilerInstallLine()}`,
  );
  return lines.join('\n');
}

/**
 * Runs npm outside node_modules' own Node: `npm ci` deletes the folder which that Node lives in.
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
export function runNpm(args) {
  const env = { ...process.env };
  const own = path.join(ROOT, 'node_modules') + path.sep;
  const folders = (env.PATH ?? '').split(path.delimiter).filter((folder) => !(folder + path.sep).startsWith(own));
  env.PATH = folders.join(path.delimiter);
  delete env.npm_node_execpath;
  delete env.NODE;
  if (findProgram('npm', env) === null) return Promise.reject(new ScriptFailure('npm is not on PATH.'));
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, {
      cwd: ROOT,
      env,
      stdio: ['ignore', process.stderr, 'inherit'],
      shell: process.platform === 'win32', // npm is a .cmd file there
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
