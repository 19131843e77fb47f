/** Rows as comma-separated values (RFC 4180). */

/** One line with its line break. */
export function csvLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

/**
 * `null` is empty. Text that a spreadsheet would run as a formula gets an apostrophe in front: names of models and clients
 * are chosen by callers.
 */
function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
