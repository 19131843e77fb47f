/** Whole answers: a status, headers and one body. Streams have their own writer. */
import type { ServerResponse } from 'node:http';
import { endAfterRequestBody } from '../../platform/early-answer';
import { openAiEnvelope, type WireError } from '../../platform/errors';

/** Flat `name, value, …` list, as `writeHead` takes it. */
export type HeaderList = readonly string[];

/** The error body of the API that the client speaks. */
export type ErrorBody = (error: WireError) => object;

/** Writes a JSON answer; a response whose head is already out is left alone. */
export function respondJson(
  response: ServerResponse,
  status: number,
  headers: HeaderList,
  body: Buffer | string,
): void {
  const bytes = writeHead(response, status, headers, body);
  if (bytes !== null) response.end(bytes);
}

/** Writes an answer whose headers say what its body is. */
export function respondBody(response: ServerResponse, status: number, headers: HeaderList, body: Buffer): void {
  if (response.headersSent) return;
  response.writeHead(status, [...headers, 'content-length', String(body.length)]);
  response.end(body);
}

/** Writes an error with the headers that belong to it (`retry-after`, `allow`). */
export function respondError(
  response: ServerResponse,
  headers: HeaderList,
  error: WireError,
  bodyOf: ErrorBody = openAiEnvelope,
): void {
  const own = Object.entries(error.headers ?? {}).flat();
  const bytes = writeHead(response, error.status, [...headers, ...own], JSON.stringify(bodyOf(error)));
  if (bytes !== null) endAfterRequestBody(response, bytes);
}

function writeHead(
  response: ServerResponse,
  status: number,
  headers: HeaderList,
  body: Buffer | string,
): Buffer | null {
  if (response.headersSent) return null;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, [...headers, 'content-type', 'application/json', 'content-length', String(bytes.length)]);
  return bytes;
}
