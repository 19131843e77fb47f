/** What a key lets its turns do holds on what goes upstream (spec/data-security.md 8.5). */
import { toResponses } from '../../fakes/upstream/recorder';
import { codexBody, openAiBody } from '../harness/bodies';
import { errorOf, type Json, type WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ accounts: 3 });
});
afterAll(() => stage.close());

async function makeKey(terms: Json): Promise<string> {
  const made = await stage.sidecar.admin('POST', '/api/api-keys', { name: 'scoped', ...terms });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return String(made.json['key']);
}

function ask(secret: string, body: Json = codexBody()): Promise<WholeAnswer> {
  return stage.sidecar.post('/backend-api/codex/responses', body, { authorization: `Bearer ${secret}` });
}

function lastSent(): Json {
  return stage.fake.requests(toResponses).at(-1)?.json as Json;
}

test('models: others are refused, case does not matter, a missing one is no way around', async () => {
  const secret = await makeKey({ allowedModels: ['GPT-5.5'] });
  expect((await ask(secret)).status).toBe(200);
  const refused = await ask(secret, codexBody('x', { model: 'gpt-5.4' }));
  expect([refused.status, errorOf(refused)]).toEqual([
    403,
    expect.objectContaining({ code: 'model_not_allowed', type: 'permission_error' }),
  ]);
  const { models } = (await stage.sidecar.call('/backend-api/codex/models', { headers: { 'x-api-key': secret } }))
    .json as { models: readonly Json[] };
  expect(models.map((model) => model['slug'])).toEqual(['gpt-5.5']);
});

test('enforced model, effort and tier replace what was asked, and nothing else', async () => {
  const secret = await makeKey({
    enforcedModel: 'gpt-5.4',
    enforcedReasoningEffort: 'low',
    enforcedServiceTier: 'priority',
  });
  const body = codexBody('x', { reasoning: { effort: 'high', summary: 'auto' }, service_tier: 'flex' });
  expect((await ask(secret, body)).status).toBe(200);
  expect(lastSent()).toEqual({
    ...body,
    model: 'gpt-5.4',
    reasoning: { effort: 'low', summary: 'auto' },
    service_tier: 'priority',
  });
});

test('the default tier is sent by sending none', async () => {
  const secret = await makeKey({ enforcedServiceTier: 'auto' });
  expect((await ask(secret, codexBody('x', { service_tier: 'priority' }))).status).toBe(200);
  expect(lastSent()).not.toHaveProperty('service_tier');
});

test('efforts: a stronger one is refused, a missing one becomes one that is allowed', async () => {
  const secret = await makeKey({ allowedEfforts: ['low', 'none'] });
  const refused = await ask(secret);
  expect([refused.status, errorOf(refused)['code']]).toEqual([403, 'reasoning_effort_not_allowed']);
  const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }), { 'x-api-key': secret });
  expect(answer.status).toBe(200);
  expect(lastSent()).toMatchObject({ reasoning: { effort: 'low' } });
});

test('accounts: only those of the key serve, and none of them is an answer of its own', async () => {
  const [first, second] = stage.pool.map((account) => String(account['accountId']));
  const secret = await makeKey({ allowedAccountIds: [second] });
  for (let turn = 0; turn < 4; turn += 1) {
    expect((await ask(secret)).headers['x-tightrope-routed-account-id']).toBe(second);
  }
  await stage.sidecar.admin('POST', `/api/accounts/${second}/pause`);
  const refused = await ask(secret);
  expect([refused.status, errorOf(refused)['code']]).toEqual([503, 'no_accounts']);
  await stage.sidecar.admin('POST', `/api/accounts/${second}/reactivate`);
  const unknown = await stage.sidecar.admin('POST', '/api/api-keys', { name: 'x', allowedAccountIds: [first, 'gone'] });
  expect([unknown.status, errorOf(unknown)]).toEqual([
    400,
    expect.objectContaining({ code: 'invalid_api_key_payload', field: 'allowedAccountIds' }),
  ]);
});

test('transports: a key for sockets does not serve HTTP', async () => {
  const refused = await ask(await makeKey({ allowedTransports: ['websocket'] }));
  expect([refused.status, errorOf(refused)['code']]).toEqual([403, 'transport_not_allowed']);
});

test('compaction is one request, by the rules of the key; what the key cannot name is refused', async () => {
  const limits = [{ limitType: 'requests', limitWindow: 'daily', maxValue: 1 }];
  const secret = await makeKey({ allowedModels: ['gpt-5.5'], limits });
  const headers = { 'x-api-key': secret };
  const path = '/backend-api/codex/responses/compact';
  const other = await stage.sidecar.post(path, codexBody('x', { model: 'gpt-5.4' }), headers);
  expect([other.status, errorOf(other)['code']]).toEqual([403, 'model_not_allowed']);
  const search = await stage.sidecar.post('/v1/alpha/search', { model: 'gpt-5.4', query: 'x' }, headers);
  expect([search.status, errorOf(search)['code']]).toEqual([403, 'model_not_allowed']);
  expect((await stage.sidecar.post(path, codexBody(), headers)).status).toBe(200);
  expect((await stage.sidecar.post(path, codexBody(), headers)).status).toBe(429);
  expect((await stage.sidecar.call('/v1/models/gpt-5.4', { headers })).status).toBe(404);
});

test('the log names the key', async () => {
  const secret = await makeKey({});
  const answer = await ask(secret);
  const row = await stage.sidecar.logRow(String(answer.headers['x-request-id']));
  const keys = (await stage.sidecar.admin('GET', '/api/api-keys')).json as unknown as readonly Json[];
  expect(row['apiKeyId']).toBe(keys[0]?.['id']);
});
