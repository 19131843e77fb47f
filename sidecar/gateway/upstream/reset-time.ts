/** When a limited account may be tried again, out of everything an upstream says about it (codex-wire 2.4, 2.9). */
import type { UpstreamErrorFacts } from '../protocol/upstream-error';

/** No real window is longer than a year; what is further away is a broken value, not a reason to bench an account. */
const MAX_AHEAD_MS = 366 * 24 * 3600 * 1000;

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const HINT = 'try again in ';
const MAX_HINT_PARTS = 6;

/** UTC ms, the first usable of `resets_at`, `resets_in_seconds`, `Retry-After` and the text's hint; `null` when there is none. */
export function resetTimeMs(facts: UpstreamErrorFacts, headers: readonly string[], nowMs: number): number | null {
  const inMs = facts.resetsInMs;
  const hintMs = hintInText(facts.message);
  const candidates = [
    facts.resetsAtMs,
    inMs === null ? null : nowMs + inMs,
    retryAfterHeader(headers, nowMs),
    hintMs === null ? null : nowMs + hintMs,
  ];
  return candidates.find((at) => at !== null && at > nowMs && at <= nowMs + MAX_AHEAD_MS) ?? null;
}

/** `Retry-After` as UTC ms: seconds or an HTTP date (RFC 9110 10.2.3). */
function retryAfterHeader(headers: readonly string[], nowMs: number): number | null {
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() !== 'retry-after') continue;
    const value = headers[i + 1]?.trim() ?? '';
    if (/^\d{1,9}(?:\.\d{1,6})?$/.test(value)) return nowMs + Number(value) * 1000;
    const date = Date.parse(value);
    return Number.isNaN(date) ? null : date;
  }
  return null;
}

/** ms out of "try again in 1h2m3s", "… 1.3s", "… 28ms", "… 2 days 3 hours": the same text the Codex client reads (codex-wire 2.4). */
export function hintInText(message: string | null): number | null {
  const at = message?.toLowerCase().indexOf(HINT) ?? -1;
  if (message === null || at < 0) return null;
  const part = /\s*(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]+)[\s,]*(?:and\b)?/iy;
  part.lastIndex = at + HINT.length;
  let total = 0;
  let parts = 0;
  for (let match = part.exec(message); match !== null && parts < MAX_HINT_PARTS; match = part.exec(message)) {
    const unit = unitMs(match[2] ?? '');
    if (unit === undefined) break;
    total += Number(match[1]) * unit;
    parts++;
  }
  return parts === 0 ? null : Math.ceil(total);
}

function unitMs(word: string): number | undefined {
  const lower = word.toLowerCase();
  if (lower === 'ms' || lower.startsWith('milli')) return UNIT_MS['ms'];
  const isWord = /^(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)$/.test(lower);
  return isWord ? UNIT_MS[lower.charAt(0)] : undefined;
}
