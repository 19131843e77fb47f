/** JSON text in a column. */

/** The value, or `null` for no text and for text that is no JSON: one damaged cell must not hide the rows around it. */
export function readStoredJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
