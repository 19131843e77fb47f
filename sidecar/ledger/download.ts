/** Sends rows as a file, piece by piece, at the reader's pace. */
import { once } from 'node:events';
import type { Response } from 'express';
import { csvLine } from './csv';

export type ExportFormat = 'csv' | 'json';

type Cell = string | number | boolean | null;
type FlatRow = Readonly<Record<string, Cell>>;

/** Pages of rows, each row flat and with the same fields. A reader that goes away ends it. */
export async function download(
  response: Response,
  { format, name }: { readonly format: ExportFormat; readonly name: string },
  pages: AsyncIterable<readonly FlatRow[]>,
): Promise<void> {
  response.setHeader('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json');
  response.setHeader('content-disposition', `attachment; filename="${name}.${format}"`);
  let rows = 0;
  for await (const page of pages) {
    if (response.destroyed) return;
    const text = page.map((row) => line(format, row, rows++ === 0)).join('');
    if (text !== '' && !response.write(text)) await drained(response);
  }
  response.end(format === 'csv' ? '' : rows === 0 ? '[]' : '\n]\n');
}

function line(format: ExportFormat, row: FlatRow, isFirst: boolean): string {
  if (format === 'json') return `${isFirst ? '[' : ','}\n${JSON.stringify(row)}`;
  return `${isFirst ? csvLine(Object.keys(row)) : ''}${csvLine(Object.values(row))}`;
}

/** Resolves when more may be written, or nobody reads any more. */
async function drained(response: Response): Promise<void> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  response.once('close', onClose);
  try {
    await once(response, 'drain', { signal: gone.signal });
  } catch (thrown) {
    if (!gone.signal.aborted) throw thrown;
  } finally {
    response.off('close', onClose);
  }
}
