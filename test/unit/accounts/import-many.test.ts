import { authJson } from './logins';
import { openPool, START_MS, type PoolFixture } from './pool-fixture';

let pool: PoolFixture;

beforeEach(async () => {
  pool = await openPool();
});

afterEach(() => pool.close());

const person = (n: number, serial = 0) =>
  authJson({ email: `p${n}@example.com`, accountId: 'team', userId: `user-${n}`, serial });

test('one bad entry does not stop the rest, and each is answered at its index', async () => {
  const results = await pool.service.importMany([
    person(1),
    'not json',
    { OPENAI_API_KEY: 'sk-1' },
    null,
    JSON.stringify(person(2)),
    { tokens: { access_token: 'a' } },
  ]);
  expect(results.map(({ index, action, error }) => [index, action, error?.code])).toEqual([
    [0, 'created', undefined],
    [1, 'invalid', 'invalid_account_import'],
    [2, 'invalid', 'auth_json_api_key_only'],
    [3, 'invalid', 'invalid_account_import'],
    [4, 'created', undefined],
    [5, 'invalid', 'auth_json_missing_tokens'],
  ]);
  expect(pool.service.total()).toBe(2);
});

test('an account that occurs twice in one array is one account', async () => {
  const results = await pool.service.importMany([person(1), person(1), person(1, 7)]);
  expect(results.map(({ action }) => action)).toEqual(['created', 'updated', 'updated']);
  expect(pool.service.total()).toBe(1);
});

test('takes a thousand logins, and refuses more before it touches anything', async () => {
  const logins = Array.from({ length: 1000 }, (_, n) => person(n));
  const results = await pool.service.importMany(logins);
  expect(results.filter(({ action }) => action === 'created')).toHaveLength(1000);
  expect(pool.service.usable(START_MS)).toHaveLength(1000);
  await expect(pool.service.importMany([...logins, {}])).rejects.toMatchObject({
    code: 'invalid_account_import',
    param: 'authJson',
  });
});

test('an empty array is answered with no results', async () => {
  expect(await pool.service.importMany([])).toEqual([]);
});

test('imports of one account at the same time make one account', async () => {
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, serial) => pool.service.importMany([person(1, serial)])),
  );
  expect(results.flat().filter(({ action }) => action === 'created')).toHaveLength(1);
  expect(pool.service.total()).toBe(1);
  expect((await pool.reopen()).total()).toBe(1);
});

test('an entry that the database refuses is invalid; the others are stored', async () => {
  let calls = 0;
  const { write } = pool.database;
  const failing: typeof write = {
    append: (...args) => write.append(...args),
    flush: () => write.flush(),
    dropped: () => write.dropped(),
    transaction: (body) => (++calls === 2 ? Promise.reject(new Error('disk on fire')) : write.transaction(body)),
  };
  const service = await pool.reopen({ database: { write: failing } });
  const results = await service.importMany([person(1), person(2), person(3)]);
  expect(results.map(({ action, error }) => error?.code ?? action)).toEqual(['created', 'internal_error', 'created']);
  expect(pool.lines).toContainEqual({
    level: 'error',
    event: 'account_import_failed',
    facts: { index: 1, reason: 'disk on fire' },
  });
});

test('bare rows have no login, are found again by e-mail and taken over by the login that comes', async () => {
  const first = await pool.service.importOne({ email: ' Ann@Example.com ', provider: '' });
  expect(first).toMatchObject({
    action: 'created',
    account: { email: 'Ann@Example.com', provider: 'openai', status: 'active', hasAccessToken: false },
  });
  expect(first.account.nextStep).toMatch(/auth\.json/);
  expect(await pool.service.importOne({ email: 'ann@example.com' })).toMatchObject({ action: 'updated' });
  expect(pool.service.size()).toBe(0);
  const login = authJson({ email: 'ann@example.com', accountId: 'acc-1', userId: 'user-1' });
  expect(await pool.service.importOne({ authJson: login })).toMatchObject({
    action: 'updated',
    account: { accountId: first.account.accountId, chatgptAccountId: 'acc-1', hasAccessToken: true },
  });
  expect(pool.service.usable(START_MS)).toHaveLength(1);
});

test.each([{}, { email: '  ' }])('a body without login and e-mail is refused: %j', async (body) => {
  await expect(pool.service.importOne(body)).rejects.toMatchObject({ code: 'invalid_account_import', param: 'email' });
});

test('a nameless login is labelled by its id', async () => {
  const { account } = await pool.service.importOne({ authJson: { access_token: 'a', refresh_token: 'r' } });
  expect(account.email).toBe(`account-${account.accountId.slice(0, 8)}`);
});
