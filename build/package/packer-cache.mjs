/**
 * The packer takes Node from a cache below the home folder and would fill it from the network. It is filled from the
 * registry's Node packages instead, in a home folder of its own, so that packing needs nothing but npm.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNpm } from '../installation.mjs';
import { CACHE, NODE, say } from '../project.mjs';
import { findProgram } from '../requirements.mjs';
import { ScriptFailure } from '../script.mjs';
import { hostName, NODE_VERSION } from './targets.mjs';

/** Home folder of the packer. */
export const PACKER_HOME = path.join(CACHE, 'package', 'home');

/**
 * Puts the target's Node where the packer looks for it.
 * @param {import('./targets.mjs').Target} target
 */
export async function seedPackerCache(target) {
  const folder = path.join(PACKER_HOME, '.pkg-cache', 'sea');
  const [, system = '', arch = ''] = /^node[\d.]+-(\w+)-(\w+)$/.exec(target.pkg) ?? [];
  const isWindows = system === 'win';
  const name = `node-v${NODE_VERSION}-${system === 'macos' ? 'darwin' : system}-${arch}`;
  const archive = path.join(folder, `${name}.${isWindows ? 'zip' : 'tar.gz'}`);
  const program = isWindows ? path.join(folder, `${name}.exe`) : path.join(folder, name, 'bin', 'node');
  if (existsSync(`${program}.ok`)) return;
  mkdirSync(path.dirname(program), { recursive: true });
  copyFileSync(await nodeOf(target), program);
  chmodSync(program, 0o755);
  strip(target, program);
  writeFileSync(archive, '');
  writeFileSync(`${archive}.ok`, '');
  writeFileSync(`${program}.ok`, '');
}

/**
 * @param {import('./targets.mjs').Target} target
 * @returns {Promise<string>} path of the target's Node
 */
async function nodeOf(target) {
  if (target.name === hostName()) return NODE;
  const folder = path.join(CACHE, 'package', 'node', target.name);
  const program = path.join(folder, 'package', ...target.program.split('/'));
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const wanted = `${target.nodePackage}@${NODE_VERSION}`;
  say(`Fetching ${wanted} …`);
  const code = await runNpm(['pack', wanted, '--pack-destination', folder, '--silent']);
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (code !== 0 || archive === undefined)
    throw new ScriptFailure(`npm could not fetch ${wanted} (exit code ${code}).`);
  execFileSync('tar', ['-xzf', path.join(folder, archive), '-C', folder]);
  rmSync(path.join(folder, archive));
  return program;
}

/**
 * Symbols are a sixth of Node's size and of no use in an executable.
 * @param {import('./targets.mjs').Target} target
 * @param {string} program
 */
function strip(target, program) {
  if (target.name !== hostName() || !target.name.startsWith('linux-')) return;
  if (findProgram('strip') === null) {
    say('strip (package binutils) is not here: the executable will be about 20 MB larger.');
    return;
  }
  execFileSync('strip', ['-s', program]);
}
