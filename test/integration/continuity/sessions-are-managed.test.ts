/** Which account serves which conversation can be seen, released, moved, forgotten (spec/admin-api.md 7.3, 7.4). */
import { SessionPage } from '../../../sidecar/contract/session';
import { compile } from '../../../sidecar/contract/validate';
import { codexBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ accounts: 3, strict: true });
});
afterAll(() => stage.close());

const check = compile(SessionPage, 'sessions');
const sessions = async () => check((await stage.sidecar.admin('GET', '/api/sessions')).json).sessions;
const sessionOf = async (key: string) => (await sessions()).find(({ sessionKey }) => sessionKey === key);
/** One turn of this conversation; the account that served. */
async function ask(headers: Record<string, string>, body: Record<string, unknown> = codexBody()): Promise<string> {
  const answer = await stage.sidecar.post('/backend-api/codex/responses', body, headers);
  expect(answer.status).toBe(200);
  return String(answer.headers['x-tightrope-routed-account-id']);
}
const admin = (method: string, path: string, body?: unknown) =>
  stage.sidecar.admin(method, `/api/sessions${path}`, body);

test('conversations are listed with their account and kind', async () => {
  const root = await ask({ 'session-id': 'list' });
  const child = await ask({ 'session-id': 'list', 'thread-id': 'child' });
  const cached = await ask({}, codexBody('hi', { prompt_cache_key: 'cache' }));
  expect(await sessionOf('list')).toMatchObject({
    kind: 'codex_session',
    accountId: root,
    cachedTokens: 1000,
    apiKeyId: null,
  });
  expect(await sessionOf('list/child')).toMatchObject({ kind: 'sticky_thread', accountId: child });
  expect(await sessionOf('cache')).toMatchObject({ kind: 'prompt_cache', accountId: cached });
});

test('a moved conversation goes to its new account, and a preview says so', async () => {
  const before = await ask({ 'session-id': 'move' });
  const other = String(stage.pool.find((one) => one['accountId'] !== before)?.['accountId']);
  expect((await admin('POST', '/move/move', { accountId: other })).json).toEqual({ status: 'moved' });
  const preview = await stage.sidecar.admin('POST', '/api/routing/preview', { sessionId: 'move' });
  expect(preview.json).toMatchObject({ accountId: other, decision: { grade: 'should', boundBy: 'session' } });
  expect(await ask({ 'session-id': 'move' })).toBe(other);
  expect((await admin('POST', '/move/move', { accountId: 'nobody' })).status).toBe(404);
});

test('a released one is free until it is served again', async () => {
  await ask({ 'session-id': 'release' });
  expect((await admin('POST', '/release/release')).json).toEqual({ status: 'released' });
  expect(await sessionOf('release')).toMatchObject({ accountId: null });
  const next = await ask({ 'session-id': 'release' });
  expect(await sessionOf('release')).toMatchObject({ accountId: next });
});

test('a prompt cache binding lives as long as the setting says', async () => {
  const change = await stage.sidecar.admin('PUT', '/api/settings', { openaiCacheAffinityMaxAgeSeconds: 42 });
  expect(change.status).toBe(200);
  await ask({}, codexBody('hi', { prompt_cache_key: 'short-lived' }));
  const row = await sessionOf('short-lived');
  expect((row?.expiresAtMs ?? 0) - (row?.updatedAtMs ?? 0)).toBe(42_000);
});

test('forgetting and purging', async () => {
  await ask({ 'session-id': 'with/slash and space' });
  const path = `/${encodeURIComponent('with/slash and space')}`;
  expect((await admin('DELETE', path)).json).toEqual({ status: 'deleted' });
  expect((await admin('DELETE', path)).status).toBe(404);
  expect((await admin('POST', '/purge')).json).toEqual({ status: 'purged', removed: 0 });
  expect((await admin('POST', '/purge', { scope: 'some' })).status).toBe(400);
  expect((await admin('POST', '/purge', { kind: 'other' })).status).toBe(400);
  const count = (await sessions()).length;
  expect((await admin('POST', '/purge', { scope: 'all' })).json).toEqual({ status: 'purged', removed: count });
  expect(await sessions()).toEqual([]);
});
