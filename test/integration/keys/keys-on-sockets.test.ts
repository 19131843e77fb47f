/** On a WebSocket every frame is a turn of its key: scope, limits and validity are asked anew each time (design §3). */
import { codexBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';
import { errorCodeOf, WsClient } from '../harness/ws-client';

let stage: Stage;
const clients: WsClient[] = [];

beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => stage.close());

async function makeKey(terms: Json): Promise<Json> {
  return (await stage.sidecar.admin('POST', '/api/api-keys', { name: 'x', ...terms })).json;
}
async function connect(key: Json): Promise<WsClient> {
  const headers = { 'x-api-key': String(key['key']) };
  const client = await WsClient.open(stage.sidecar.url('/backend-api/codex/responses'), headers);
  clients.push(client);
  return client;
}
const create = (more: Json = {}): Json => ({ type: 'response.create', ...codexBody('Hi', more) });
async function shown(key: Json): Promise<Json> {
  const keys = (await stage.sidecar.admin('GET', '/api/api-keys')).json as unknown as readonly Json[];
  return keys.find(({ id }) => id === key['id']) ?? {};
}

test('a request limit counts frames, and the frame that passes it hears why', async () => {
  const key = await makeKey({ limits: [{ limitType: 'requests', limitWindow: 'daily', maxValue: 2 }] });
  const client = await connect(key);
  expect((await client.turn(create())).at(-1)).toMatchObject({ type: 'response.completed' });
  expect((await client.turn(create())).at(-1)).toMatchObject({ type: 'response.completed' });
  expect((await client.turn(create())).at(-1)).toMatchObject({
    type: 'error',
    status: 429,
    error: { code: 'api_key_limit_exceeded', type: 'usage_limit_reached', resets_at: expect.any(Number) as number },
  });
  const { limits, usageSummary } = await eventually('the end of every turn', async () => {
    const now = (await shown(key)) as unknown as { readonly limits: readonly Json[]; readonly usageSummary: Json };
    return now.usageSummary['turnsInFlight'] === 0 ? now : undefined;
  });
  expect(limits[0]).toMatchObject({ currentValue: 2, reservedValue: 0 });
  expect(usageSummary).toMatchObject({ requests: 2, totalTokens: 2500 });
});

test('the scope holds for each frame, and a key that is switched off serves none', async () => {
  const key = await makeKey({ allowedModels: ['gpt-5.5'] });
  const client = await connect(key);
  expect((await client.turn(create())).at(-1)).toMatchObject({ type: 'response.completed' });
  expect(errorCodeOf((await client.turn(create({ model: 'gpt-5.4' }))).at(-1) ?? {})).toBe('model_not_allowed');
  await stage.sidecar.admin('PATCH', `/api/api-keys/${String(key['id'])}`, { isActive: false });
  expect(errorCodeOf((await client.turn(create())).at(-1) ?? {})).toBe('invalid_api_key');
});

test('a key for HTTP alone serves no frame; a key that is not known opens no socket', async () => {
  const client = await connect(await makeKey({ allowedTransports: ['http'] }));
  expect(errorCodeOf((await client.turn(create())).at(-1) ?? {})).toBe('transport_not_allowed');
  await expect(connect({ key: 'sk-tr-unknown' })).rejects.toMatchObject({ denial: { status: 401 } });
});
