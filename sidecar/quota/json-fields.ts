/** Looks into JSON from upstream without trusting its shape. */

export type JsonFields = Readonly<Record<string, unknown>>;

const NOTHING: JsonFields = Object.freeze({});
/** Longest number text worth reading. */
const MAX_NUMBER_CHARS = 32;

/** The object's fields; none for anything else. */
export function fieldsOf(value: unknown): JsonFields {
  return isFields(value) ? value : NOTHING;
}

export function isFields(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A finite number, or text that is one; else `null`. Empty text is no number (an empty `reset-at`). */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.length > MAX_NUMBER_CHARS || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** `true`, `false` in any case and `1`, `0`, as JSON or text; else `null`. Upstream's headers say `True` and `False`. */
export function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === 0) return value === 1;
  if (typeof value !== 'string' || value.length > MAX_NUMBER_CHARS) return null;
  const word = value.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : null;
}

/** Trimmed text of at most `maxChars`, `null` for anything else and for none. */
export function textOf(value: unknown, maxChars: number): string | null {
  if (typeof value !== 'string') return null;
  const text = value.slice(0, maxChars).trim();
  return text === '' ? null : text;
}

/** Parses text; `undefined` when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a SyntaxError, the only thing it throws: the text is then no reading of anything
  }
}
