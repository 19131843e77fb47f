/**
 * Reads what a `catch` got. By shape, not by class: errors of the runtime and of native addons are not always instances of
 * this realm's `Error`.
 */

/** `code` of a system's, driver's or own error (`ENOENT`, `SQLITE_BUSY`), `null` when it has none. */
export function codeOf(thrown: unknown): string | null {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' ? code : null;
}

/** The message, or the thrown value itself as text. */
export function messageOf(thrown: unknown): string {
  const message = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : null;
  return typeof message === 'string' ? message : String(thrown);
}
