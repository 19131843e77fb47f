/** Request id and client name of an inbound request. */
import type { IncomingHttpHeaders } from 'node:http';

/** Ids of clients are echoed in headers, logs and upstream: printable ASCII, short. */
const CLIENT_REQUEST_ID = /^[\x21-\x7e]{1,128}$/;

/** The client's own id (`x-request-id`, else `request-id`) when it is usable, else a fresh one. */
export function requestIdOf(headers: IncomingHttpHeaders, fresh: () => string): string {
  for (const name of ['x-request-id', 'request-id']) {
    const value = headers[name];
    if (typeof value !== 'string') continue;
    const trimmed = value.trim();
    if (CLIENT_REQUEST_ID.test(trimmed)) return trimmed;
  }
  return fresh();
}

/** The first product token of the user agent (`codex_exec/0.169.0`), `null` when there is none. */
export function clientNameOf(headers: IncomingHttpHeaders): string | null {
  const agent = headers['user-agent'];
  if (agent === undefined) return null;
  const end = agent.indexOf(' ');
  // `Codex Desktop/26.9` holds a space: the token ends at the first space after the slash.
  const slash = agent.indexOf('/');
  const stop = slash > end && end !== -1 ? agent.indexOf(' ', slash) : end;
  return (stop === -1 ? agent : agent.slice(0, stop)).slice(0, 80);
}
