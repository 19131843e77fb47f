/** What a page of the dashboard sends: its own origin, and the cookies it was given. */
import { jsonCall, type WholeAnswer } from './json-call';
import type { Sidecar } from './sidecar';

export interface BrowserPage {
  send(method: string, target: string, body?: unknown): Promise<WholeAnswer>;
  /** `name=value` as the page would send it; `null` = none. */
  cookie(): string | null;
  /** Another page with this one's cookie of now. */
  copy(): BrowserPage;
}

/** @param headers sent with every request, e.g. those of a reverse proxy in front */
export function browserPage(
  sidecar: Sidecar,
  headers: Readonly<Record<string, string>> = {},
  held: string | null = null,
): BrowserPage {
  let cookie = held;
  return {
    async send(method, target, body) {
      const sent = { origin: sidecar.address, ...headers, ...(cookie === null ? {} : { cookie }) };
      const bytes = Buffer.byteLength(JSON.stringify(body) ?? '');
      // Node's client sends the body of a DELETE without its length; browsers do not.
      const withLength = { ...sent, 'content-length': String(bytes) };
      const call = body === undefined ? { method, headers: sent } : { ...jsonCall(body, withLength), method };
      const answer = await sidecar.call(target, call);
      const [given] = answer.headers['set-cookie'] ?? [];
      const [, pair, value] = /^([^=]+=([^;]*))/.exec(given ?? '') ?? [];
      if (pair !== undefined) cookie = value === '' ? null : pair;
      return answer;
    },
    cookie: () => cookie,
    copy: () => browserPage(sidecar, headers, cookie),
  };
}
