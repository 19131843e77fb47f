/** Who needs a key, and what a key from off the machine is told (design §5, §10, §11). */
import { codexBody } from '../harness/bodies';
import { errorOf, type WholeAnswer } from '../harness/json-call';
import type { HttpCall } from '../harness/sse-client';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
let key: string;
let path: string;

beforeAll(async () => {
  stage = await openStage();
  const made = await stage.sidecar.admin('POST', '/api/api-keys', { name: 'x' });
  key = String(made.json['key']);
  path = `/api/api-keys/${String(made.json['id'])}`;
});
afterAll(() => stage.close());

/** A forwarding header of a proxy nobody trusts puts the caller off the machine. */
const FAR = { 'x-forwarded-for': '203.0.113.9' };
const ROUTED = 'x-tightrope-routed-account-id';

function ask(headers: HttpCall['headers']): Promise<WholeAnswer> {
  return stage.sidecar.post('/backend-api/codex/responses', codexBody(), headers);
}
async function requireKeys(required: boolean): Promise<void> {
  const answer = await stage.sidecar.admin('PUT', '/api/settings', { apiKeyAuthEnabled: required });
  expect(answer.status).toBe(200);
}

test('off the machine only a key opens the door, and the account is shown only where the key says so', async () => {
  const refused = await ask(FAR);
  expect([refused.status, errorOf(refused)]).toEqual([
    401,
    expect.objectContaining({ code: 'invalid_api_key', type: 'authentication_error' }),
  ]);
  const quiet = await ask({ ...FAR, authorization: `Bearer ${key}` });
  expect([quiet.status, quiet.headers[ROUTED]]).toEqual([200, undefined]);
  await stage.sidecar.admin('PATCH', path, { showRoutedAccount: true });
  const shown = await ask({ ...FAR, 'x-api-key': key });
  expect([shown.status, shown.headers[ROUTED]]).toEqual([200, stage.pool[0]?.['accountId']]);
});

test('where keys are required, a key or the login of a pool account opens the door, at once and until the setting goes', async () => {
  const token = stage.fake.account(0).login.current.accessToken;
  expect((await ask({})).status).toBe(200);
  await requireKeys(true);
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: 'Bearer any-text' })).status).toBe(401);
  expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await ask({ ...FAR, authorization: `Bearer ${token}` })).status).toBe(401);
  expect((await ask({ authorization: `Bearer ${key}` })).status).toBe(200);
  await requireKeys(false);
  expect((await ask({ authorization: 'Bearer any-text' })).status).toBe(200);
  expect((await ask({ authorization: 'Bearer sk-tr-made-up' })).status).toBe(401);
});

test('no key reaches upstream', () => {
  const sent = stage.fake.recorder.matching(() => true).map((request) => JSON.stringify(request.headers));
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.filter((headers) => headers.includes(key))).toEqual([]);
});
