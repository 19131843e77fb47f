/** Every form in which a login may be handed over by the route (design §10; spec data-security 4.4). */
import { authJsonOf, type AuthJson } from '../../fakes/upstream/auth-json';
import { openAiBody } from '../harness/bodies';
import type { Json, WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3, importAll: false });
});
afterEach(() => stage.close());

const login = (index = 0): AuthJson => authJsonOf(stage.fake.account(index));
const importing = (body: unknown): Promise<WholeAnswer> => stage.sidecar.admin('POST', '/api/accounts/import', body);

/** The login in the other dialects that are known. */
const DIALECTS: readonly { name: string; write: (file: AuthJson) => unknown }[] = [
  { name: 'the object', write: (file) => file },
  { name: 'its text', write: (file) => JSON.stringify(file, null, 2) },
  { name: 'its text with a byte order mark', write: (file) => `\ufeff${JSON.stringify(file)}` },
  {
    name: 'camelCase as codex-lb exports it',
    write: ({ tokens, last_refresh }) => ({
      tokens: {
        idToken: tokens.id_token,
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token,
        accountId: tokens.account_id,
      },
      lastRefreshAt: last_refresh,
    }),
  },
  { name: 'the tokens flat', write: ({ tokens }) => tokens },
  { name: 'without id token', write: (file) => ({ ...file, tokens: { ...file.tokens, id_token: undefined } }) },
  { name: 'without account id', write: (file) => ({ ...file, tokens: { ...file.tokens, account_id: null } }) },
];

test.each(DIALECTS)('$name is 201 with the whole account, and serves', async ({ write }) => {
  const answer = await importing({ authJson: write(login()) });
  expect(answer.status).toBe(201);
  const { identity } = stage.fake.account(0).login;
  expect(answer.json).toMatchObject({
    accountId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) as string,
    email: identity.email,
    chatgptAccountId: identity.chatgptAccountId,
    chatgptUserId: identity.chatgptUserId,
    planType: 'pro',
    provider: 'openai',
    status: 'active',
    hasAccessToken: true,
    hasRefreshToken: true,
  });
  expect((await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
});

test('the same login again is 200 and the same account', async () => {
  const first = await importing({ authJson: login() });
  const second = await importing({ authJson: login() });
  expect(second.status).toBe(200);
  expect(second.json['accountId']).toBe(first.json['accountId']);
});

test('an array tells what became of each', async () => {
  await importing({ authJson: login(0) });
  const answer = await importing({
    authJson: [
      login(0),
      JSON.stringify(login(1)),
      { tokens: { access_token: 'a' } },
      { OPENAI_API_KEY: 'sk-x' },
      7,
      login(2),
      login(2),
    ],
  });
  expect(answer.status).toBe(200);
  expect(answer.json['results']).toMatchObject([
    { index: 0, action: 'updated' },
    { index: 1, action: 'created' },
    { index: 2, action: 'invalid', error: { code: 'auth_json_missing_tokens' } },
    { index: 3, action: 'invalid', error: { code: 'auth_json_api_key_only' } },
    { index: 4, action: 'invalid', error: { code: 'invalid_account_import' } },
    { index: 5, action: 'created' },
    { index: 6, action: 'updated' },
  ]);
  const { accounts } = (await stage.sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  expect(accounts).toHaveLength(3);
});

test('onDuplicate skip leaves what is there', async () => {
  await importing({ authJson: login() });
  const answer = await importing({ authJson: [login()], onDuplicate: 'skip' });
  expect(answer.json['results']).toMatchObject([{ action: 'skipped', error: { code: expect.any(String) as string } }]);
});

test('an older login never replaces a newer one: its refresh token may be spent', async () => {
  const account = stage.fake.account(0);
  const old = authJsonOf(account, new Date(Date.now() - 86_400_000));
  account.login.signInAgain();
  await importing({ authJson: authJsonOf(account) });
  const answer = await importing({ authJson: [old] });
  expect(answer.json['results']).toMatchObject([{ action: 'skipped', error: { code: 'older_login' } }]);
  account.login.rejectAccessTokens();
  expect((await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  expect(account.login.rotations).toBe(1);
});

test('a newer login revives an account that needed a new sign-in', async () => {
  const account = stage.fake.account(0);
  const first = await importing({ authJson: login() });
  account.login.signInAgain();
  const turn = (): Promise<WholeAnswer> => stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  account.login.rejectAccessTokens();
  expect((await turn()).status).toBeGreaterThanOrEqual(500);
  account.login.signInAgain();
  const again = await importing({ authJson: login() });
  expect(again.json).toMatchObject({ accountId: first.json['accountId'], status: 'active' });
  expect((await turn()).status).toBe(200);
});

test.each([
  { name: 'no field', body: {}, code: 'invalid_account_import' },
  { name: 'text that is no JSON', body: { authJson: '{nope' }, code: 'invalid_account_import' },
  {
    name: 'an API key login',
    body: { authJson: { OPENAI_API_KEY: 'sk-secret', tokens: null } },
    code: 'auth_json_api_key_only',
  },
  { name: 'no refresh token', body: { authJson: { tokens: { access_token: 'x' } } }, code: 'auth_json_missing_tokens' },
  { name: 'tokens of a wrong type', body: { authJson: { tokens: 5 } }, code: 'invalid_account_import' },
])('$name is a 400 that says so and quotes nothing', async ({ body, code }) => {
  const answer = await importing(body);
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ error: { code, message: expect.any(String) as string } });
  expect(answer.text).not.toContain('sk-secret');
});

test('e-mail and provider alone make a row without tokens, which is never asked', async () => {
  const answer = await importing({ email: 'someone@example.test', provider: 'openai' });
  expect(answer.status).toBe(201);
  expect(answer.json).toMatchObject({ email: 'someone@example.test', hasAccessToken: false, hasRefreshToken: false });
  expect((await stage.sidecar.post('/v1/responses', openAiBody())).status).toBe(503);
});
