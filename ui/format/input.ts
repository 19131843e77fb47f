/** What people type, read without clamping: a wrong text stays on the screen with its reason. */

/** A whole number in bounds; `null` for an empty text, `undefined` for anything else. */
export function readWhole(text: string, low: number, high: number): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/^\d{1,16}$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value >= low && value <= high ? value : undefined;
}
