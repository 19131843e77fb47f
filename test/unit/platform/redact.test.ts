import { redactFacts, redactText } from '../../../sidecar/platform/redact';

test.each([
  ['Authorization: Bearer abcdef123456', 'Authorization: ***'],
  ['{"authorization":"Bearer abc","model":"gpt-5"}', '{"authorization":***,"model":"gpt-5"}'],
  ['cookie: a=1; b="2"; c=3', 'cookie: ***'],
  ['sent bearer AbCd.efgh', 'sent bearer ***'],
  ['{"refresh_token":"rt_x","n":1}', '{"refresh_token":***,"n":1}'],
  ['{\\"accessToken\\":\\"abc\\",\\"n\\":1}', '{\\"accessToken\\":***,\\"n\\":1}'],
  ['password=hunter2 user=joe', 'password=*** user=joe'],
  [
    'http://localhost:1455/auth/callback?code=abc&state=xyz&x=1',
    'http://localhost:1455/auth/callback?code=***&state=***&x=1',
  ],
  ['code=abc&grant_type=authorization_code', 'code=***&grant_type=authorization_code'],
  ['/login?next=%2Fcb%3Fcode%3Dabc%26n%3D1', '/login?next=%2Fcb%3Fcode%3D***%26n%3D1'],
  ['proxy http://joe:pw@proxy:3128 failed', 'proxy http://***@proxy:3128 failed'],
  ['tightrope-token:v1:AAAA:BBBB==', 'tightrope-token:***'],
  ['key sk-proj-abcdef', 'key sk-***'],
  ['joe.doe+x@example.com wrote', 'j…@example.com wrote'],
  ['mail <äöü@exämple.org>', 'mail <ä…@exämple.org>'],
])('%s', (text, expected) => {
  expect(redactText(text)).toBe(expected);
});

test.each([
  'failed with code=ECONNRESET after 3 attempts',
  'risk-assessment of disk-utilization',
  'Unexpected token } in JSON at position 3',
  'inputTokens=12 max_output_tokens: 300',
  'start_time=5 request_started state unchanged',
  'https://chatgpt.com/backend-api/codex/responses?client_version=1.0.0',
  '01980e2c-7d1f-7abc-8def-0123456789ab',
])('harmless: %s', (text) => {
  expect(redactText(text)).toBe(text);
});

test('values of secret-bearing keys are masked, counts and flags are not', () => {
  expect(
    redactFacts({
      access_token: 'x',
      tokens: { id: 'x' },
      'Set-Cookie': ['a=b'],
      clientSecret: 'x',
      state: 'x',
      code_verifier: 'x',
      inputTokens: 12,
      hasToken: true,
      token: null,
      'chatgpt-account-id': '01980e2c-7d1f-7abc-8def-0123456789ab',
    }),
  ).toEqual({
    access_token: '***',
    tokens: '***',
    'Set-Cookie': '***',
    clientSecret: '***',
    state: '***',
    code_verifier: '***',
    inputTokens: 12,
    hasToken: true,
    token: null,
    'chatgpt-account-id': '…89ab',
  });
});

test('`code` is shown when it is the code of an error, and only then', () => {
  expect(redactFacts({ code: 'db_corrupt' })).toEqual({ code: 'db_corrupt' });
  expect(redactFacts({ code: 'SQLITE_BUSY' })).toEqual({ code: 'SQLITE_BUSY' });
  expect(redactFacts({ code: 'UND_ERR_SOCKET' })).toEqual({ code: 'UND_ERR_SOCKET' });
  expect(redactFacts({ code: 'ac_Xyz12abc' })).toEqual({ code: '***' });
  expect(redactFacts({ code: 'abcdef' })).toEqual({ code: '***' });
});

test('raw headers are read as names and values', () => {
  expect(redactFacts({ headers: ['Cookie', 'sid=1', 'Accept', '*/*', 'X-Api-Key', 'abc'] })).toEqual({
    headers: ['Cookie', '***', 'Accept', '*/*', 'X-Api-Key', '***'],
  });
  expect(redactFacts({ headers: new Headers({ cookie: 'sid=1', accept: '*/*' }) })).toEqual({
    headers: { accept: '*/*', cookie: '***' },
  });
  expect(redactFacts({ headers: new Map([['cookie', 'sid=1']]) })).toEqual({ headers: { cookie: '***' } });
});

test('whatever is handed in becomes plain JSON of limited size', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  let deep: unknown = 'bottom';
  for (let i = 0; i < 20; i += 1) deep = { deep };
  const facts = {
    circular,
    deep,
    bytes: Buffer.from('secret'),
    date: new Date(0),
    big: 12n,
    nan: NaN,
    url: new URL('https://a.example/?token=x'),
    call: () => 1,
    set: new Set([1]),
    long: 'a'.repeat(20_000),
    many: Array.from({ length: 200 }, () => 1),
    get bad(): string {
      throw new Error('getter');
    },
  };
  const clean = redactFacts({ facts })['facts'];
  expect(clean).toBe('[unreadable]');
  const { bad: _bad, ...good } = Object.getOwnPropertyDescriptors(facts);
  const shown = redactFacts(Object.defineProperties({}, good) as Record<string, unknown>);
  expect(shown).toMatchObject({
    circular: { self: '[circular]' },
    bytes: '[6 bytes]',
    date: '1970-01-01T00:00:00.000Z',
    big: '12',
    nan: 'NaN',
    url: 'https://a.example/?token=***',
    call: '[function]',
    set: [1],
  });
  expect(JSON.stringify(shown).length).toBeLessThan(12_000);
});

test('an error keeps name, code, message and causes', () => {
  const cause = Object.assign(new Error('token: abc refused'), { code: 'invalid_grant' });
  expect(redactFacts({ error: new RangeError('bad', { cause }) })).toMatchObject({
    error: {
      name: 'RangeError',
      message: 'bad',
      cause: { name: 'Error', code: 'invalid_grant', message: 'token: *** refused' },
    },
  });
});
