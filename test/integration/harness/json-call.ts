/** A whole HTTP call: status, headers, text and JSON of the answer. */
import type { IncomingHttpHeaders } from 'node:http';
import { openCall, readText, type HttpCall } from './sse-client';

/** Loosely typed JSON: tests look into it by `toMatchObject` and at single fields. */
export type Json = Readonly<Record<string, unknown>>;

export interface WholeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as a JSON object. Throws when it is none. */
  readonly json: Json;
}

/** The `error` object of an answer. Throws when there is none. */
export function errorOf(answer: WholeAnswer): Json {
  const { error } = answer.json;
  if (typeof error !== 'object' || error === null) throw new Error(`no error object in ${answer.text.slice(0, 500)}`);
  return error as Json;
}

/** Calls and reads the answer to its end. */
export async function callWhole(url: string, call: HttpCall = {}): Promise<WholeAnswer> {
  const open = await openCall(url, call);
  const text = await readText(open);
  return {
    status: open.status,
    headers: open.headers,
    text,
    get json(): Json {
      const value: unknown = JSON.parse(text);
      if (typeof value !== 'object' || value === null) throw new Error(`no JSON object: ${text.slice(0, 500)}`);
      return value as Json;
    },
  };
}

/** Headers and body of a JSON post. */
export function jsonCall(body: unknown, headers: HttpCall['headers'] = {}): HttpCall {
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}
