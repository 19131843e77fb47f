/** The fake's tokens behave like the real ones: single use, killed sessions, values that stay with their account. */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import type { FakeAccount } from '../../fakes/upstream/account';
import { openCall, readText } from '../harness/sse-client';

let fake: FakeUpstream;

beforeEach(async () => {
  fake = await startFakeUpstream({ accounts: 2, strict: true });
});
afterEach(() => fake.close());

async function refresh(refreshToken: string, encoding: 'form' | 'json'): Promise<{ status: number; text: string }> {
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'app' };
  const answer = await openCall(`${fake.address}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': encoding === 'form' ? 'application/x-www-form-urlencoded' : 'application/json' },
    body: encoding === 'form' ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
  });
  return { status: answer.status, text: await readText(answer) };
}

async function call(account: FakeAccount, body: object, headers: Record<string, string> = {}): Promise<number> {
  const answer = await openCall(`${fake.address}/backend-api/codex/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.login.current.accessToken}`, ...headers },
    body: JSON.stringify({ model: 'gpt-5.5', input: [], store: false, stream: true, ...body }),
  });
  await readText(answer);
  return answer.status;
}

test.each(['form', 'json'] as const)(
  'a refresh as %s rotates the token, a second use kills the login',
  async (encoding) => {
    const { login } = fake.account(0);
    const first = login.current.refreshToken;
    expect((await refresh(first, encoding)).status).toBe(200);
    const rotated = login.current.refreshToken;
    expect(rotated).not.toBe(first);
    const reused = await refresh(first, encoding);
    expect(reused.status).toBe(401);
    expect(reused.text).toContain('refresh_token_reused');
    expect(login.reuses).toBe(1);
    expect((await refresh(rotated, encoding)).text).toContain('refresh_token_invalidated');
  },
);

test('a killed session answers 401 although its token has not expired', async () => {
  const account = fake.account(0);
  expect(await call(account, {})).toBe(200);
  account.login.rejectAccessTokens('token_revoked');
  expect(await call(account, {})).toBe(401);
  expect((await refresh(account.login.current.refreshToken, 'form')).status).toBe(200);
  expect(await call(account, {})).toBe(200);
});

test('an account id that is not the bearer\u2019s is refused', async () => {
  expect(await call(fake.account(0), {}, { 'chatgpt-account-id': fake.account(1).chatgptAccountId })).toBe(403);
});

test('strict mode notes and refuses another account\u2019s ciphertext', async () => {
  fake.ownership.issue('encrypted_content', 'secret-of-1', fake.account(0));
  const body = { input: [{ type: 'reasoning', encrypted_content: 'secret-of-1' }] };
  expect(await call(fake.account(0), body)).toBe(200);
  expect(fake.violations).toHaveLength(0);
  expect(await call(fake.account(1), body)).toBe(400);
  expect(fake.violations).toMatchObject([{ kind: 'encrypted_content', owner: 'account-1', presentedBy: 'account-2' }]);
});

test('an anchor that the account does not know is answered with previous_response_not_found', async () => {
  expect(await call(fake.account(0), { previous_response_id: 'resp_unknown' })).toBe(400);
});
