import fc from 'fast-check';
import { parseAuthJson } from '../../../sidecar/accounts/auth-json';
import { TightropeError } from '../../../sidecar/platform/errors';

const CODEX = {
  OPENAI_API_KEY: null,
  auth_mode: 'chatgpt',
  tokens: { id_token: 'a.b.c', access_token: 'd.e.f', refresh_token: 'rt_1', account_id: 'acc-1' },
  last_refresh: '2026-03-01T10:00:00.123456789Z',
};
const LOGIN = {
  accessToken: 'd.e.f',
  refreshToken: 'rt_1',
  idToken: 'a.b.c',
  accountIdHint: 'acc-1',
  lastRefreshAtMs: Date.UTC(2026, 2, 1, 10, 0, 0, 123),
};

const refusal = (code: string, param: string): unknown => expect.objectContaining({ code, param });

function failureOf(input: unknown): unknown {
  try {
    parseAuthJson(input);
    return null;
  } catch (error) {
    return error;
  }
}

test('reads the file of the Codex CLI, as object and as text', () => {
  expect(parseAuthJson(CODEX)).toEqual(LOGIN);
  expect(parseAuthJson(JSON.stringify(CODEX))).toEqual(LOGIN);
  expect(parseAuthJson(`\uFEFF${JSON.stringify(CODEX)}\r\n`)).toEqual(LOGIN);
});

test('reads the camelCase dialect', () => {
  const tokens = { idToken: 'a.b.c', accessToken: 'd.e.f', refreshToken: 'rt_1', accountId: 'acc-1' };
  expect(parseAuthJson({ tokens, lastRefreshAt: '2026-03-01T10:00:00.123Z' })).toEqual(LOGIN);
});

test('reads tokens that lie flat at the top level', () => {
  expect(parseAuthJson({ ...CODEX.tokens, last_refresh: CODEX.last_refresh })).toEqual(LOGIN);
  expect(parseAuthJson({ accessToken: 'd.e.f', refreshToken: 'rt_1', tokens: null })).toMatchObject({
    accessToken: 'd.e.f',
    idToken: null,
    accountIdHint: null,
  });
});

test('an API key beside tokens does not hide them', () => {
  expect(parseAuthJson({ ...CODEX, OPENAI_API_KEY: 'sk-1' })).toEqual(LOGIN);
});

test.each([[{ OPENAI_API_KEY: 'sk-1' }], [{ auth_mode: 'apikey', tokens: null }], [{ auth_mode: 'apiKey' }]])(
  'says that a file holds an API key only: %j',
  (input) => {
    expect(failureOf(input)).toEqual(refusal('auth_json_api_key_only', 'authJson.tokens'));
  },
);

test.each([
  [{}, 'authJson.tokens'],
  [{ OPENAI_API_KEY: null }, 'authJson.tokens'],
  [{ tokens: {} }, 'authJson.tokens.access_token'],
  [{ tokens: { access_token: 'a', refresh_token: '  ' } }, 'authJson.tokens.refresh_token'],
  [{ tokens: { access_token: null, refresh_token: 'r' } }, 'authJson.tokens.access_token'],
  [{ access_token: 'a' }, 'authJson.refresh_token'],
])('says which token is missing: %j', (input, param) => {
  expect(failureOf(input)).toEqual(refusal('auth_json_missing_tokens', param));
});

test.each([
  ['', 'authJson'],
  ['{', 'authJson'],
  ['[]', 'authJson'],
  [null, 'authJson'],
  [7, 'authJson'],
  [[CODEX], 'authJson'],
  [{ tokens: 'x' }, 'authJson.tokens'],
  [{ tokens: [] }, 'authJson.tokens'],
  [{ tokens: { access_token: 5, refresh_token: 'r' } }, 'authJson.tokens.access_token'],
  [{ tokens: { access_token: 'a', refresh_token: 'r', id_token: {} } }, 'authJson.tokens.id_token'],
  [{ tokens: { access_token: 'a\r\nx-evil: 1', refresh_token: 'r' } }, 'authJson.tokens.access_token'],
  [{ tokens: { access_token: 'a', refresh_token: 'r', account_id: 'ä' } }, 'authJson.tokens.account_id'],
  [{ tokens: { access_token: 'a'.repeat(16_385), refresh_token: 'r' } }, 'authJson.tokens.access_token'],
  ['x'.repeat(1_048_577), 'authJson'],
])('refuses another shape and names the field: %#', (input, param) => {
  expect(failureOf(input)).toEqual(refusal('invalid_account_import', param));
});

test.each([
  ['2026-03-01T10:00:00+02:00', Date.UTC(2026, 2, 1, 8)],
  ['yesterday', null],
  ['2026-13-45T10:00:00Z', null],
  [1_772_359_200, 1_772_359_200_000],
  [1_772_359_200_000, 1_772_359_200_000],
  [-1, null],
  [{}, null],
  [undefined, null],
])('reads %j as the time of the last refresh', (last_refresh, wanted) => {
  expect(parseAuthJson({ ...CODEX, last_refresh }).lastRefreshAtMs).toBe(wanted);
});

// Anything may arrive here, and whatever it is, it may hold a secret.
const SECRET = 'S3CRET-t0ken-text';
const anyLogin = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constant(SECRET),
    fc.constant(`${SECRET} with spaces`),
    fc.jsonValue(),
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      'tokens',
      'access_token',
      'refreshToken',
      'id_token',
      'account_id',
      'last_refresh',
      'auth_mode',
      '__proto__',
    ),
    tie('value'),
    { maxKeys: 6 },
  ),
}));

test('throws nothing but a TightropeError, and never a word of what it was given', () => {
  const check = (input: unknown): void => {
    const failure = failureOf(input);
    if (failure === null) return;
    expect(failure).toBeInstanceOf(TightropeError);
    if (!(failure instanceof TightropeError)) return;
    expect(failure.cause).toBeUndefined();
    expect(JSON.stringify([failure.message, failure.param, failure.details])).not.toContain('S3CRET');
  };
  fc.assert(
    fc.property(anyLogin.value, (input) => {
      check(input);
      check(JSON.stringify(input));
      check(JSON.stringify(input).slice(0, -1));
      check(SECRET + JSON.stringify(input));
    }),
    { numRuns: 300 },
  );
});
