import fc from 'fast-check';
import { upstreamHeaders } from '../../../../sidecar/gateway/upstream/request-headers';

const identity = { accessToken: 'tok', chatgptAccountId: 'acc', requestId: 'req', userAgentFallback: 'tightrope/1' };

const FORBIDDEN = [
  'authorization',
  'chatgpt-account-id',
  'cookie',
  'x-api-key',
  'host',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-anything',
  'x-real-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-ray',
  'x-tightrope-routed-account-id',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'content-encoding',
  'accept',
  'accept-encoding',
  'content-type',
  'origin',
  'referer',
  'sec-fetch-mode',
  'sec-websocket-key',
  'x-request-id',
] as const;
/** The ones that we set ourselves, once. */
const OURS = new Set([
  'authorization',
  'chatgpt-account-id',
  'accept',
  'accept-encoding',
  'content-type',
  'x-request-id',
  'user-agent',
  'originator',
]);

const spelled = (name: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
    .map((up) => [...name].map((letter, i) => (up[i] === true ? letter.toUpperCase() : letter)).join(''));
const forbidden = fc.constantFrom(...FORBIDDEN).chain(spelled);
const harmless = fc.constantFrom('session-id', 'x-codex-turn-state', 'traceparent', 'user-agent', 'X-Custom');
const value = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('codex_cli_rs', 'secret', 'a\r\nx-evil: 1', 'ü\u0100', ''),
);
const header = fc.tuple(fc.oneof(forbidden, harmless, fc.string({ maxLength: 12 })), value);
const connection = fc.array(fc.oneof(harmless, fc.constantFrom('close', 'keep-alive')), { maxLength: 3 });

describe('the header filter', () => {
  it('lets nothing forbidden, no injected and no hop-by-hop header through, whatever the spelling or count', () => {
    fc.assert(
      fc.property(
        fc.array(header, { maxLength: 30 }),
        connection,
        fc.constantFrom('responses', 'json', 'minimal'),
        (headers, tokens, kind) => {
          const raw = [...headers.flat(), 'Connection', tokens.join(' , ')];
          const out = upstreamHeaders(raw, identity, kind);
          const seen = new Map<string, number>();
          const named = new Set(tokens.map((token) => token.toLowerCase()));
          for (let i = 0; i < out.length; i += 2) {
            const name = out[i] ?? '';
            const lower = name.toLowerCase();
            seen.set(lower, (seen.get(lower) ?? 0) + 1);
            expect(name).toMatch(/^[!-9;-~]+$/);
            expect(
              [...(out[i + 1] ?? '')].every((c) => c === '\t' || (c >= ' ' && c !== '\x7f' && c <= '\u00ff')),
            ).toBe(true);
            if (!OURS.has(lower)) {
              expect(FORBIDDEN).not.toContain(lower);
              expect(lower).not.toMatch(/^(?:x-forwarded-|cf-|x-tightrope-|proxy-|sec-)/);
              expect(named.has(lower)).toBe(false);
            }
          }
          for (const name of ['authorization', 'chatgpt-account-id']) expect(seen.get(name)).toBe(1);
          expect(out[out.indexOf('authorization') + 1]).toBe('Bearer tok');
          for (const name of ['accept', 'accept-encoding', 'content-type', 'x-request-id']) {
            expect(seen.get(name)).toBe(kind === 'minimal' ? undefined : 1);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
