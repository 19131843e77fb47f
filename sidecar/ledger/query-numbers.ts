/** Numbers in query strings that fall back instead of failing, as scripts of the original rely on (spec/admin-api.md 7.1). */

/** A non-negative integer from the URL, else `null`. */
export function readCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}

/** A page size from the URL: no count → `fallback`, 0 → 1, above `max` → `max`. */
export function readLimit(text: string | undefined, fallback: number, max: number): number {
  return Math.min(Math.max(readCount(text) ?? fallback, 1), max);
}
