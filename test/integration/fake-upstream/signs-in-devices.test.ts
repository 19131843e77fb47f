/** The fake's device sign-in: pending, approved, spent; and a plan that changes with the next id token (codex-wire 2.10, 2.11.6). */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { callWhole, jsonCall, type Json, type WholeAnswer } from '../harness/json-call';

let fake: FakeUpstream;

beforeEach(async () => {
  fake = await startFakeUpstream();
});
afterEach(() => fake.close());

const post = (path: string, body: unknown): Promise<WholeAnswer> => callWhole(`${fake.address}${path}`, jsonCall(body));

function claimsOf(token: unknown): Json {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Json;
}

async function exchangeCode(answer: Json): Promise<WholeAnswer> {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: String(answer['authorization_code']),
    code_verifier: String(answer['code_verifier']),
    redirect_uri: `${fake.address}/deviceauth/callback`,
  });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return callWhole(`${fake.address}/oauth/token`, { method: 'POST', headers, body: form.toString() });
}

test('pending, then tokens for the account that agreed, once', async () => {
  const started = (await post('/api/accounts/deviceauth/usercode', { client_id: 'app' })).json;
  const poll = { device_auth_id: started['device_auth_id'], user_code: started['user_code'] };
  expect((await post('/api/accounts/deviceauth/token', poll)).status).toBe(403);
  fake.device.approve(String(started['user_code']), fake.account(0));
  const granted = await post('/api/accounts/deviceauth/token', poll);
  const tokens = await exchangeCode(granted.json);
  expect(claimsOf(tokens.json['id_token'])).toMatchObject({ email: 'account-1@example.test' });
  expect(tokens.json['refresh_token']).toBe(fake.account(0).login.current.refreshToken);
  expect((await exchangeCode(granted.json)).status).toBe(400);
});

test('a denied sign-in says so', async () => {
  const started = (await post('/api/accounts/deviceauth/usercode', { client_id: 'app' })).json;
  fake.device.deny(String(started['user_code']));
  const poll = { device_auth_id: started['device_auth_id'], user_code: started['user_code'] };
  expect((await post('/api/accounts/deviceauth/token', poll)).json).toMatchObject({ error: { code: 'access_denied' } });
});

test('a changed plan is in the next id token', async () => {
  const { login } = fake.account(0);
  login.identity.plan = 'plus';
  const answer = await post('/oauth/token', { grant_type: 'refresh_token', refresh_token: login.current.refreshToken });
  expect(claimsOf(answer.json['id_token'])).toMatchObject({
    'https://api.openai.com/auth': { chatgpt_plan_type: 'plus' },
  });
});
