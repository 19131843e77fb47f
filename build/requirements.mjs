/** What this machine must have before anything can be installed, built or tested, and how to get it. */
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { SQLITE_ADDON } from './project.mjs';

/** Lowest Node that can run these scripts: sqlite3 6 and npm's own floor. [major, minor] */
const LOWEST_NODE = /** @type {const} */ ([20, 17]);

/**
 * @typedef {object} Requirement
 * @property {string} what name of the missing thing
 * @property {string} why what needs it
 * @property {string} install the one line that brings it
 */

/**
 * The full path of a program on PATH, `null` when there is none.
 * @param {string} program
 * @param {NodeJS.ProcessEnv} [env]
 */
export function findProgram(program, env = process.env) {
  const endings = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE;.CMD').split(';') : [''];
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const candidate = path.join(folder, program + ending);
      if (folder !== '' && isExecutable(candidate)) return candidate;
    }
  }
  return null;
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // absent or not executable: both mean "look in the next folder"
  }
}

/** The one line that installs a C++ compiler here. */
export function compilerInstallLine() {
  if (process.platform === 'darwin') return 'xcode-select --install';
  if (process.platform === 'win32') return 'winget install Microsoft.VisualStudio.2022.BuildTools Python.Python.3.12';
  if (findProgram('dnf')) return installLine('python3 make gcc-c++');
  if (findProgram('pacman')) return installLine('python make gcc');
  return installLine('python3 make g++');
}

/**
 * @param {string} packages names as this system's packages have them
 * @returns {string} the line for this system's package manager
 */
function installLine(packages) {
  if (process.platform === 'darwin') return `brew install ${packages}`;
  if (process.platform === 'win32') return `winget install ${packages}`;
  if (findProgram('dnf')) return `sudo dnf install -y ${packages}`;
  if (findProgram('apk')) return `sudo apk add ${packages}`;
  if (findProgram('pacman')) return `sudo pacman -S --needed ${packages}`;
  return `sudo apt-get update && sudo apt-get install -y ${packages}`;
}

/** Programs of the C++ tool chain that are not on PATH. Empty on Windows, where node-gyp looks in the registry. */
export function missingCompilerPrograms() {
  if (process.platform === 'win32') return [];
  const compiler = findProgram('g++') ?? findProgram('c++') ?? findProgram('clang++');
  const missing = ['python3', 'make'].filter((program) => findProgram(program) === null);
  return compiler === null ? [...missing, 'g++'] : missing;
}

/**
 * Everything that is needed and lacking here. The compiler counts only while the SQLite addon is not there yet.
 * @param {{ integration: boolean, browser?: (() => string | null) | null }} levels whether the integration tests are to
 *   run, and what finds the browser when the browser tests are to run
 * @returns {Requirement[]}
 */
export function missingRequirements({ integration, browser = null }) {
  /** @type {Requirement[]} */
  const missing = [];
  const node = nodeRequirement(process.versions.node);
  if (node !== null) missing.push(node);
  if (findProgram('npm') === null) {
    missing.push({ what: 'npm', why: 'installs the dependencies', install: 'see https://nodejs.org/en/download' });
  }
  const compiler = existsSync(SQLITE_ADDON) ? [] : missingCompilerPrograms();
  if (compiler.length > 0) {
    missing.push({
      what: compiler.join(', '),
      why: 'compiles the SQLite addon where no ready-made one can be downloaded',
      install: compilerInstallLine(),
    });
  }
  if (integration && findProgram('openssl') === null) {
    missing.push({
      what: 'openssl',
      why: 'makes the certificates of the network tests',
      install: installLine('openssl'),
    });
  }
  if (browser !== null && browser() === null) {
    missing.push({
      what: 'Chromium or Chrome',
      why: 'shows the page to the browser tests; TIGHTROPE_TEST_BROWSER names one that is elsewhere',
      install: installLine('chromium'),
    });
  }
  return missing;
}

/**
 * `null` when this version of Node is new enough.
 * @param {string} version such as `20.17.0`
 * @returns {Requirement | null}
 */
export function nodeRequirement(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [lowestMajor, lowestMinor] = LOWEST_NODE;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return null;
  return {
    what: `Node ${lowestMajor}.${lowestMinor} or newer (this is ${version})`,
    why: 'runs the build scripts',
    install: 'see https://nodejs.org/en/download',
  };
}
