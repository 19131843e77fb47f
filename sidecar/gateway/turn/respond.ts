/** Whole answers: a status, headers and one body. Streams have their own writer. */
import type { ServerResponse } from 'node:http';
import { openAiEnvelope, type WireError } from '../../platform/errors';

/** Flat `name, value, …` list, as `writeHead` takes it. */
export type HeaderList = readonly string[];

/** Writes a JSON answer; a response whose head is already out is left alone. */
export function respondJson(
  response: ServerResponse,
  status: number,
  headers: HeaderList,
  body: Buffer | string,
): void {
  if (response.headersSent) return;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, [...headers, 'content-type', 'application/json', 'content-length', String(bytes.length)]);
  response.end(bytes);
}

/** Writes an error in the OpenAI envelope with the headers that belong to it (`retry-after`, `allow`). */
export function respondError(response: ServerResponse, headers: HeaderList, error: WireError): void {
  const own = Object.entries(error.headers ?? {}).flat();
  respondJson(response, error.status, [...headers, ...own], JSON.stringify(openAiEnvelope(error)));
}
