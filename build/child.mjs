/** Runs one program in the foreground as if the user had started it: same terminal, same signals, same exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { NODE } from './project.mjs';

/**
 * A terminal's Ctrl-C reaches this process twice, from the terminal and from npm. Equal signals closer than this are one;
 * a second one of the user comes later and passes through.
 */
const SAME_SIGNAL_MS = 150;

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);

/**
 * Starts a script under the project's Node, forwards signals and waits without a limit.
 * @param {string[]} args script and its arguments
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} exit code to leave with; 128 + number when a signal ended it
 */
export function runInForeground(args, { env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, args, { stdio: 'inherit', env });
    const stopForwarding = forwardSignals(child);
    child.once('error', (error) => {
      stopForwarding();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} gives the signals back
 */
function forwardSignals(child) {
  /** @type {Map<NodeJS.Signals, number>} */
  const lastSeen = new Map();
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const now = performance.now();
    const last = lastSeen.get(signal) ?? -Infinity;
    lastSeen.set(signal, now);
    if (now - last >= SAME_SIGNAL_MS) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}
