/** The frame of every script that a person starts: what failed is said in words, not as a stack. */
import { say } from './project.mjs';

/** A failure whose message tells the user what to do. Anything else is a fault of ours and shows its stack. */
export class ScriptFailure extends Error {}

/**
 * Says on stderr what went wrong.
 * @param {unknown} error
 */
export function sayFailure(error) {
  if (error instanceof ScriptFailure) say(error.message);
  else say(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

/**
 * Runs a script to its end and sets the exit code.
 * @param {() => Promise<number>} body gives the exit code
 */
export async function runScript(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.exitCode = 1;
    sayFailure(error);
  }
}
