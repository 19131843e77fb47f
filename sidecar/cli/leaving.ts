/** The way out of the process. */

/** A handle that somebody forgot must not keep a finished program alive; ms. */
const PATIENCE_MS = 2_000;

/** Sets the exit code and lets the event loop run empty, so that everything written reaches its reader. */
export function leaveWith(code: number): void {
  process.exitCode = code;
  setTimeout(() => process.exit(code), PATIENCE_MS).unref();
}
