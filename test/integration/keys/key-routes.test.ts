/** `/api/api-keys` over HTTP (spec/admin-api.md 8): shown once, changed, regenerated, deleted, and kept over a restart. */
import { codexBody } from '../harness/bodies';
import { errorOf, type Json, type WholeAnswer } from '../harness/json-call';
import { findLeaks } from '../harness/secret-scan';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { apiKeyRoutes } from '../../../sidecar/contract/api-keys';
import { compile } from '../../../sidecar/contract/validate';

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;

beforeAll(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  await sidecar.importAccounts(fake.accounts);
});
afterAll(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

/** Calls and holds the answer against the contract. */
async function admin(method: string, path: string, body?: unknown): Promise<WholeAnswer> {
  const answer = await sidecar.admin(method, path, body);
  const contract = apiKeyRoutes.find(
    (route) => route.method === method && new RegExp(`^${route.path.replace('{id}', '[^/]+')}$`).test(path),
  );
  const schema = contract?.answers[answer.status];
  if (schema !== undefined && schema !== null) compile(schema, 'answer')(JSON.parse(answer.text));
  return answer;
}

async function list(): Promise<readonly Json[]> {
  return (await admin('GET', '/api/api-keys')).json as unknown as readonly Json[];
}

function use(secret: unknown): Promise<WholeAnswer> {
  const authorization = `Bearer ${String(secret)}`;
  return sidecar.post('/backend-api/codex/responses', codexBody(), { authorization });
}

test('the life of a key', async () => {
  const made = await admin('POST', '/api/api-keys', {
    name: '  CI ',
    allowedModels: [' gpt-5.5 ', '', 'gpt-5.4', 'gpt-5.5'],
    enforcedReasoningEffort: 'LOW',
    expiresAt: '2099-01-02 03:04:05',
    limits: [{ limitType: 'cost_usd', limitWindow: 'daily', maxValue: 1.5, modelFilter: 'GPT-5.5' }],
  });
  const { key, ...shown } = made.json;
  expect(key).toMatch(/^sk-tr-[A-Za-z0-9_-]{43}$/);
  expect(shown).toMatchObject({
    name: 'CI',
    keyPrefix: String(key).slice(0, 15),
    allowedModels: ['gpt-5.4', 'gpt-5.5'],
    enforcedReasoningEffort: 'low',
    expiresAt: '2099-01-02T03:04:05.000Z',
    status: 'active',
    lastUsedAt: null,
    limits: [{ limitType: 'cost_usd', limitWindow: 'daily', maxValue: 1.5, currentValue: 0, modelFilter: 'gpt-5.5' }],
  });
  expect(await list()).toEqual([shown]);
  const path = `/api/api-keys/${String(shown['id'])}`;

  expect((await use(key)).status).toBe(200);
  const [used] = await list();
  expect(used).toMatchObject({
    lastUsedAt: expect.any(String) as string,
    usageSummary: { requests: 1, inputTokens: 1200, outputTokens: 50, totalTokens: 1250, turnsInFlight: 0 },
  });

  const changed = await admin('PATCH', path, { allowedModels: [], enforcedReasoningEffort: '', expiresAt: null });
  expect(changed.json).toMatchObject({
    name: 'CI',
    allowedModels: [],
    enforcedReasoningEffort: null,
    expiresAt: null,
    limits: used?.['limits'],
  });
  const more = [
    { limitType: 'cost_usd', limitWindow: 'daily', maxValue: 9, modelFilter: 'gpt-5.5' },
    { limitType: 'requests', limitWindow: 'five_hour', maxValue: 3 },
  ];
  const limited = (await admin('PATCH', path, { limits: more })).json['limits'] as readonly Json[];
  const [before] = used?.['limits'] as readonly Json[];
  expect(limited).toMatchObject([
    { ...before, maxValue: 9 },
    { limitType: 'requests', currentValue: 0 },
  ]);

  const renewed = await admin('POST', `${path}/regenerate`);
  expect((await use(key)).status).toBe(401);
  expect((await use(renewed.json['key'])).status).toBe(200);

  expect((await admin('PATCH', path, { isActive: false })).json['status']).toBe('inactive');
  expect((await use(renewed.json['key'])).status).toBe(401);
  await admin('PATCH', path, { isActive: true, expiresAt: '2020-01-01T00:00:00Z' });
  const expired = await use(renewed.json['key']);
  expect([expired.status, errorOf(expired)]).toEqual([401, expect.objectContaining({ code: 'invalid_api_key' })]);
  await admin('PATCH', path, { expiresAt: null });

  const held = await list();
  await sidecar.stop();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  expect(await list()).toEqual(held);
  expect((await use(renewed.json['key'])).status).toBe(200);

  expect((await admin('DELETE', path)).status).toBe(204);
  expect((await use(renewed.json['key'])).status).toBe(401);
  expect(await list()).toEqual([]);
  for (const [method, target] of [
    ['PATCH', path],
    ['POST', `${path}/regenerate`],
    ['DELETE', path],
  ] as const) {
    const gone = await admin(method, target, method === 'PATCH' ? {} : undefined);
    expect([gone.status, errorOf(gone)['code']]).toEqual([404, 'api_key_not_found']);
  }
  const outputs = { stdout: sidecar.program.stdout, stderr: sidecar.program.stderr };
  expect(await findLeaks([String(key), String(renewed.json['key'])], outputs, folder.path)).toEqual([]);
});

test.each<[string, unknown]>([
  ['name', {}],
  ['name', { name: '  ' }],
  ['name', { name: 7 }],
  ['allowedModel', { name: 'x', allowedModel: ['typo'] }],
  ['enforcedModel', { name: 'x', allowedModels: ['a'], enforcedModel: 'b' }],
  ['enforcedReasoningEffort', { name: 'x', enforcedReasoningEffort: 'turbo' }],
  ['expiresAt', { name: 'x', expiresAt: 'tomorrow' }],
  ['limits[0].limitType', { name: 'x', limits: [{ limitType: 'cost', limitWindow: 'daily', maxValue: 1 }] }],
  ['limits[0].maxValue', { name: 'x', limits: [{ limitType: 'requests', limitWindow: 'daily', maxValue: 0 }] }],
  ['limits[0].maxValue', { name: 'x', limits: [{ limitType: 'requests', limitWindow: 'daily', maxValue: 1.5 }] }],
  [
    'limits[1]',
    {
      name: 'x',
      limits: [
        { limitType: 'requests', limitWindow: 'daily', maxValue: 1, modelFilter: 'A' },
        { limitType: 'requests', limitWindow: 'daily', maxValue: 2, modelFilter: 'a' },
      ],
    },
  ],
])('a bad %s is refused and nothing is made', async (field, body) => {
  const before = await list();
  const answer = await admin('POST', '/api/api-keys', body);
  expect([answer.status, errorOf(answer)]).toEqual([
    400,
    expect.objectContaining({ code: 'invalid_api_key_payload', field }),
  ]);
  expect(await list()).toEqual(before);
});
