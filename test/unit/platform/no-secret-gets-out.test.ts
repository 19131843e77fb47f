import fc from 'fast-check';
import { jsonLine, textLine } from '../../../sidecar/platform/log-format';
import { redactFacts, redactText } from '../../../sidecar/platform/redact';

const BASE64URL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
const ALPHANUMERIC = BASE64URL.slice(0, 62);

const random = (alphabet: string[], min: number, max: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...alphabet), { minLength: min, maxLength: max }).map((letters) => letters.join(''));

/** How a secret is put into text: what stands before it, the secret, what stands behind. */
interface Carrier {
  readonly secret: string;
  readonly text: string;
}

const bare = (secret: fc.Arbitrary<string>): fc.Arbitrary<Carrier> =>
  secret.map((value) => ({ secret: value, text: value }));

const jwt = fc
  .tuple(fc.constantFrom('RS256', 'none', 'ES256'), fc.string(), random(BASE64URL, 43, 90))
  .map(([alg, sub, signature]) => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg, typ: 'JWT' })}.${part({ sub, aud: ['x'] })}.${signature}`;
  });

const byShape = fc.oneof(
  bare(jwt),
  bare(random(ALPHANUMERIC, 20, 48).map((tail) => `sk-${tail}`)),
  bare(random(BASE64URL, 30, 48).map((tail) => `sk-tr-${tail}`)),
  bare(random(BASE64URL, 30, 48).map((tail) => `sk-clb-${tail}`)),
  bare(random(BASE64URL, 40, 120).map((tail) => `gAAAA${tail}==`)),
  bare(random(BASE64URL, 40, 120).map((tail) => `tightrope-token:v1:${tail}:${tail}`)),
  bare(random(BASE64URL, 30, 80).map((tail) => `rt_${tail}`)),
);

const opaque = random(BASE64URL, 8, 60);

const byContext = fc
  .tuple(
    opaque,
    fc.constantFrom<(secret: string) => string>(
      (s) => `Bearer ${s}`,
      (s) => `bearer  ${s}`,
      (s) => `Authorization: Bearer ${s}`,
      (s) => `"authorization":"Bearer ${s}"`,
      (s) => `http://localhost:1455/auth/callback?code=${s}&state=1`,
      (s) => `http://localhost:1455/auth/callback?a=b&state=${s}`,
      (s) => `wss://host/ws?token=${s}`,
      (s) => `https://host/#access_token=${s}&x=1`,
      (s) => `https://host/?refresh_token=${s}`,
      (s) => `grant_type=refresh_token&refresh_token=${s}&client_id=app`,
      (s) => `https://host/?next=%2Fa%3Fid_token%3D${s}%26x%3D1`,
      (s) => `Cookie: theme=dark; sid=${s}`,
      (s) => `set-cookie: tightrope_session=${s}; HttpOnly`,
      (s) => `__Secure-next-auth.session-token=${s}`,
      (s) => `{"access_token":"${s}","expires_in":1}`,
      (s) => `{\\"refreshToken\\":\\"${s}\\"}`,
      (s) => `{ id_token: '${s}' }`,
      (s) => `x-api-key: ${s}`,
      (s) => `code_verifier=${s}`,
      (s) => `passphrase: ${s}`,
      (s) => `https://user:${s}@proxy.example:3128`,
      (s) => `http://${s}@localhost:3128`,
      (s) => `dashboard_session=${s}`,
      (s) => `cf_clearance=${s}`,
    ),
  )
  .map(([secret, wrap]): Carrier => ({ secret, text: wrap(secret) }));

const carrier = fc.oneof(byShape, byContext);

/** Text around a carrier. It is set off by what usually sets words off in logs. */
const around = fc
  .tuple(
    fc.string({ maxLength: 30 }),
    fc.constantFrom(' ', '\n', '\t', '"', "'", '(', '[', ', ', '> ', ': '),
    carrier,
    fc.constantFrom(' ', '\n', '"', "'", ')', ']', ', ', ';', '', ' & '),
    fc.string({ maxLength: 30 }),
  )
  .map(([before, open, { secret, text }, close, after]): Carrier => {
    return { secret, text: `${before}${open}${text}${close}${after}` };
  });

const SECRET_KEYS = [
  'authorization',
  'Cookie',
  'set-cookie',
  'X-API-Key',
  'accessToken',
  'refresh_token',
  'code',
  'code_verifier',
  'state',
  'passphrase',
  'dbPassword',
  'client_secret',
  'key_hex',
] as const;

/** Places in facts where a text may stand. */
const place = fc.constantFrom<(text: string) => Record<string, unknown>>(
  (text) => ({ message: text }),
  (text) => ({ [text]: 1 }),
  (text) => ({ list: ['a', { deep: [text] }] }),
  (text) => ({ error: new Error(text) }),
  (text) => ({ error: new Error('outer', { cause: new TypeError('middle', { cause: new Error(text) }) }) }),
  (text) => ({ error: new AggregateError([new Error(text)], 'several') }),
  (text) => ({ error: Object.assign(new Error('outer'), { details: { reason: text } }) }),
  (text) => ({ error: Object.assign(new Error('outer'), { code: text }) }),
  (text) => ({ thrown: { toString: () => text, text } }),
  (text) => ({ map: new Map([['key', text]]), set: new Set([text]) }),
  (text) => ({ json: JSON.stringify({ nested: JSON.stringify({ text }) }) }),
);

function outputs(facts: Record<string, unknown>): string {
  const line = { atMs: 0, level: 'info', component: 'c', event: 'e', facts: redactFacts(facts) };
  return `${textLine(line)}\n${jsonLine(line)}`;
}

test('a secret in text does not get out, wherever the text stands', () => {
  fc.assert(
    fc.property(around, place, ({ secret, text }, put) => {
      expect(outputs(put(text))).not.toContain(secret);
      expect(redactText(text)).not.toContain(secret);
    }),
    { numRuns: 1500 },
  );
});

test('a secret that is known by its shape does not get out when letters touch it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), byShape, fc.string({ maxLength: 20 }), (before, { secret }, after) => {
      expect(redactText(`${before}${secret}${after}`)).not.toContain(secret);
    }),
    { numRuns: 1000 },
  );
});

test('basic credentials do not get out', () => {
  fc.assert(
    fc.property(opaque, (password) => {
      const credentials = Buffer.from(`user:${password}`).toString('base64');
      expect(redactText(`sent Basic ${credentials} to the proxy`)).not.toContain(credentials.slice(0, 8));
    }),
  );
});

test('a value under a secret-bearing key does not get out, whatever it is', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SECRET_KEYS), opaque, fc.nat(3), (key, secret, depth) => {
      let facts: Record<string, unknown> = { [key]: secret };
      for (let i = 0; i < depth; i += 1) facts = { nested: [facts] };
      expect(outputs(facts)).not.toContain(secret);
    }),
    { numRuns: 500 },
  );
});

test('the name of an e-mail address does not get out', () => {
  const local = random([...ALPHANUMERIC, '.', '+', '-', '_'], 5, 40);
  fc.assert(
    fc.property(local, fc.domain(), place, (name, domain, put) => {
      expect(outputs(put(`account ${name}@${domain} is back`))).not.toContain(`${name}@`);
    }),
    { numRuns: 500 },
  );
});

test('text made to slow the search down is redacted in time', () => {
  const words = ['a', 'eyJ', 'sk', 'ask', 'rt_', 'art_', 'gAAAA', 'token', 'code', 'state', 'session', 'oai', 'cookie'];
  words.push('authorization', 'Basic', 'Bearer', 'password', 'x-api-key', '://', '%26code%3D', 'tightrope-token:v1:');
  const endings = ['', ' ', '-', '.', '_', '=', ': ', '@', '"', "'", '\\', '=\\"', '\n'];
  for (const piece of words.flatMap((word) => endings.map((ending) => word + ending))) {
    const text = piece.repeat(65_536 / piece.length);
    const startMs = performance.now();
    redactText(text);
    expect({ piece, slow: performance.now() - startMs > 1000 }).toEqual({ piece, slow: false });
  }
});
