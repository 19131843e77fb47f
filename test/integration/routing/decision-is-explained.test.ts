/** Every request can be asked why it went where it went, and a request can be asked about beforehand (issue 4, point 7). */
import { Decision, RoutingPreview } from '../../../sidecar/contract/routing';
import { compile } from '../../../sidecar/contract/validate';
import { modelNotSupported, serverError, usageLimit } from '../../fakes/upstream/error-faults';
import { toResponses } from '../../fakes/upstream/recorder';
import { openAiBody, RESPONSE_ROUTES } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
afterEach(() => stage.close());

const checkDecision = compile(Decision, 'decision');
const checkPreview = compile(RoutingPreview, 'preview');

const accountId = (index: number): string => String(stage.pool[index]?.['accountId']);
const ask = (requestId: string) =>
  stage.sidecar.post('/v1/responses', openAiBody({ stream: false }), { 'x-request-id': requestId });
async function decisionOf(requestId: string): Promise<Decision> {
  const row = await stage.sidecar.logRow(requestId);
  return checkDecision(row['decision']);
}
async function preview(body: object = { model: 'gpt-5.5' }): Promise<RoutingPreview> {
  const answer = await stage.sidecar.admin('POST', '/api/routing/preview', body);
  expect(answer.status).toBe(200);
  return checkPreview(answer.json);
}
const codeOf = ({ candidates }: Decision, index: number): unknown =>
  candidates.find((candidate) => candidate.accountId === accountId(index))?.code;

test.each(RESPONSE_ROUTES)('$path: the row tells who could have served and who did', async ({ path, body }) => {
  stage = await openStage({ accounts: 3 });
  const answer = await stage.sidecar.post(path, body(), { 'x-request-id': 'why' });
  expect(answer.status).toBe(200);
  const decision = await decisionOf('why');
  expect(decision).toMatchObject({
    strategy: 'weighted_round_robin',
    grade: 'free',
    boundBy: null,
    refusal: null,
    considered: 3,
    eligible: 3,
    accountId: answer.headers['x-tightrope-routed-account-id'],
  });
  expect(decision.candidates.map(({ verdict }) => verdict)).toEqual(['chosen', 'eligible', 'eligible']);
  expect(decision.candidates.map((candidate) => candidate.accountId).sort()).toEqual([0, 1, 2].map(accountId).sort());
  expect(await stage.sidecar.logRow('why')).toMatchObject({
    routingStrategy: 'weighted_round_robin',
    routingScore: decision.candidates[0]?.score,
    sticky: false,
  });
});

test('after a failover the decision names who failed, and the next request passes over the one that rests', async () => {
  stage = await openStage({ accounts: 2 });
  stage.fake.account(0).responses.next(serverError(502));
  expect((await ask('moved')).status).toBe(200);
  const moved = await decisionOf('moved');
  expect([codeOf(moved, 0), codeOf(moved, 1)]).toEqual(['tried', 'picked']);
  expect((await ask('next')).status).toBe(200);
  const next = await decisionOf('next');
  expect([codeOf(next, 0), codeOf(next, 1)]).toEqual(['cooling', 'picked']);
  expect(next.candidates.at(-1)?.reason).toMatch(/^Rests after failures until \d{4}-/);
});

test('an account that lacks the model is known from then on', async () => {
  stage = await openStage({ accounts: 2 });
  stage.fake.account(0).responses.always(modelNotSupported('gpt-5.5'));
  for (const id of ['one', 'two', 'three']) expect((await ask(id)).status).toBe(200);
  expect(codeOf(await decisionOf('three'), 0)).toBe('model_refused');
  const asked = stage.fake.requests(toResponses).filter(({ account }) => account === stage.fake.account(0));
  expect(asked).toHaveLength(1);
});

test('accounts that are out of rotation are named with the reason', async () => {
  stage = await openStage({ accounts: 3 });
  stage.fake.account(1).responses.next(usageLimit({ resetsInSeconds: 3600 }));
  await stage.sidecar.admin('POST', `/api/accounts/${accountId(2)}/pause`);
  for (const id of ['first', 'second', 'third']) expect((await ask(id)).status).toBe(200);
  const decision = await decisionOf('third');
  expect([codeOf(decision, 0), codeOf(decision, 1), codeOf(decision, 2)]).toEqual(['picked', 'rate_limited', 'paused']);
  expect(decision).toMatchObject({ considered: 3, eligible: 1 });
});

test('a turn that nobody could serve says why', async () => {
  stage = await openStage({ accounts: 1 });
  stage.fake.account(0).responses.next(usageLimit({ resetsInSeconds: 3600 }));
  expect((await ask('limited')).status).toBe(429);
  expect((await ask('after')).status).toBe(429);
  const after = await decisionOf('after');
  expect(after).toMatchObject({ accountId: null, refusal: 'none_usable', eligible: 0 });
  expect(codeOf(after, 0)).toBe('rate_limited');
});

test('a preview names the account that the next request gets, and takes nothing', async () => {
  stage = await openStage({ accounts: 3 });
  for (const id of ['a', 'b', 'c', 'd']) {
    const expected = await preview();
    expect((await preview()).accountId).toBe(expected.accountId);
    const answer = await ask(id);
    expect(answer.headers['x-tightrope-routed-account-id']).toBe(expected.accountId);
  }
  const accounts = (await stage.sidecar.admin('GET', '/api/accounts')).json['accounts'];
  expect((accounts as { inflight: number }[]).map(({ inflight }) => inflight)).toEqual([0, 0, 0]);
});

test('a preview of a pool that cannot serve says when it can again, and asks nobody', async () => {
  stage = await openStage({ accounts: 1 });
  stage.fake.account(0).responses.next(usageLimit({ resetsInSeconds: 3600 }));
  await ask('limited');
  const answer = await preview({});
  expect(answer).toMatchObject({ accountId: null, decision: { refusal: 'none_usable' } });
  expect(Math.abs((answer.returnsAtMs ?? 0) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  expect(stage.fake.requests(toResponses)).toHaveLength(1);
});

test('only the admin may ask, and only what makes sense', async () => {
  stage = await openStage();
  const body = { model: 'gpt-5.5' };
  expect((await stage.sidecar.post('/api/routing/preview', body)).status).toBe(401);
  expect((await stage.sidecar.admin('POST', '/api/routing/preview', { model: 5 })).status).toBe(400);
  expect((await stage.sidecar.admin('GET', '/api/routing/preview')).status).toBe(405);
});
