/** Which of the upstream's response headers go back to the client (proxy.md 1.6, codex-wire 2.4 and 2.9). */

import { isHeaderName, isHeaderValue } from './header-value';

/**
 * Single names. Left out on purpose: `x-models-etag` (a value that is not that of our own `/models` makes the Codex CLI fetch the
 * catalogue after every answer, codex-observed 7), `x-request-id` (the answer carries ours), cookies and everything of the hop.
 * `cf-ray` goes through as it is: it names nobody, and the client quotes it in error reports (codex-wire 2.4).
 */
const PASSED: ReadonlySet<string> = new Set(['x-reasoning-included', 'openai-model', 'retry-after', 'cf-ray']);

/** `x-codex-*`: turn state, safety buffering; `x-ratelimit-*`: the public API's limits. */
const PASSED_PREFIXES = ['x-codex-', 'x-ratelimit-'] as const;

/**
 * What one account says of its limits: the client sees the pool as one account, so the answer carries the pool's instead
 * (codex-wire 2.9). One pattern over all of them, further limits (`x-codex-bengalfox-…`) included.
 */
const ACCOUNT_LIMIT =
  /^x-codex-(?:plan-type|active-limit|promo-message|credits-.+|rate-limit-.+|(?:.+-)?(?:primary|secondary)-.+|.+-limit-name)$/;

/**
 * Flat name, value array, names in lower case, values trimmed, empty ones kept (an empty `x-codex-…-reset-at` is a fact,
 * codex-wire 2.9). `x-openai-model` stands in for a missing `openai-model`.
 */
export function clientResponseHeaders(rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  let renamedModel: string | null = null;
  let hasModel = false;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = (rawHeaders[i + 1] ?? '').trim();
    if (name === 'x-openai-model') renamedModel ??= value;
    // Node refuses to write other characters, and an upstream's odd header must not cost the client its answer.
    if (!isPassed(name) || !isHeaderValue(value)) continue;
    if (name === 'openai-model') hasModel = true;
    headers.push(name, value);
  }
  if (!hasModel && renamedModel !== null && isHeaderValue(renamedModel)) headers.push('openai-model', renamedModel);
  return headers;
}

function isPassed(name: string): boolean {
  if (PASSED.has(name)) return true;
  return PASSED_PREFIXES.some((prefix) => name.startsWith(prefix)) && isHeaderName(name) && !ACCOUNT_LIMIT.test(name);
}
