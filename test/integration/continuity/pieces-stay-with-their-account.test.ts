/** No account is ever shown what another one made; a conversation goes on all the same (issue 4, point 4). */
import { reply, requestedModel } from '../../fakes/upstream/reply';
import { textAnswer } from '../../fakes/upstream/answers';
import { usageLimit } from '../../fakes/upstream/error-faults';
import { toResponses, type RecordedRequest } from '../../fakes/upstream/recorder';
import { codexBody } from '../harness/bodies';
import { errorOf } from '../harness/json-call';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

type Item = Readonly<Record<string, unknown>>;

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3, strict: true });
  const events = (request: RecordedRequest) => textAnswer(['hi'], { model: requestedModel(request), reasoning: true });
  stage.fake.scripts.responses.always(reply({ events }));
});
afterEach(async () => {
  expect(stage.fake.violations).toEqual([]);
  await stage.close();
});

const ROUTE = '/backend-api/codex/responses';
const headersOf = (session: string, more: Record<string, string> = {}): Record<string, string> => ({
  'session-id': session,
  'thread-id': session,
  ...more,
});

interface Told {
  readonly account: string;
  readonly items: readonly Item[];
  readonly turnState: string | undefined;
  readonly responseId: string;
}

/** One turn; its output items as the client keeps them. */
async function tell(body: unknown, headers: Record<string, string>): Promise<Told> {
  const stream = await stage.sidecar.stream(ROUTE, body, headers);
  const events = (await stream.rest()).map(jsonOf);
  expect({ status: stream.answer.status, last: events.at(-1)?.type }).toEqual({
    status: 200,
    last: 'response.completed',
  });
  const turnState = stream.answer.headers['x-codex-turn-state'];
  return {
    account: String(stream.answer.headers['x-tightrope-routed-account-id']),
    items: events.flatMap((event) => (event.type === 'response.output_item.done' ? [event['item'] as Item] : [])),
    turnState: typeof turnState === 'string' ? turnState : undefined,
    responseId: String((events.at(-1)?.['response'] as Item)['id']),
  };
}

const asks = (): RecordedRequest[] => stage.fake.requests(toResponses);
const user = (text: string): Item => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
const indexOf = (accountId: string): number => stage.pool.findIndex((one) => one['accountId'] === accountId);
const pause = (accountId: string) => stage.sidecar.admin('POST', `/api/accounts/${accountId}/pause`);

/** Starts a conversation and returns the body that continues it. */
async function started(session: string): Promise<{ first: Told; next: Record<string, unknown> }> {
  const first = await tell(codexBody('one'), headersOf(session));
  return { first, next: codexBody('', { input: [user('one'), ...first.items, user('two')] }) };
}

test('a conversation stays with its account, ciphertext and turn state included', async () => {
  const { first, next } = await started('s1');
  const state = first.turnState === undefined ? {} : { 'x-codex-turn-state': first.turnState };
  expect((await tell(next, headersOf('s1', state))).account).toBe(first.account);
  // Without any name of the conversation the ciphertext tells.
  expect((await tell(next, {})).account).toBe(first.account);
  expect(asks().at(-1)?.decodedBody.toString()).toContain('encrypted_content":"gAAAAA');
});

test.each([
  ['is paused', (id: string) => pause(id)],
  ['is removed', (id: string) => stage.sidecar.admin('DELETE', `/api/accounts/${id}`)],
  [
    'reaches its limit',
    (id: string) => Promise.resolve(stage.fake.account(indexOf(id)).responses.always(usageLimit())),
  ],
])('when the owner %s another goes on without its pieces, and keeps the conversation', async (_how, happen) => {
  const { first, next } = await started('s2');
  await happen(first.account);
  const second = await tell(next, headersOf('s2', { 'x-request-id': 'moved' }));
  expect(second.account).not.toBe(first.account);
  const sent = asks().at(-1)?.json as { input: readonly Item[] };
  expect(sent.input.map((item) => item['type'])).toEqual(['message', 'message', 'message']);
  expect(await stage.sidecar.logRow('moved')).toMatchObject({
    accountId: second.account,
    decision: { grade: 'should', boundBy: 'ciphertext', boundAccountId: first.account, released: true },
  });
  const third = codexBody('', { input: [user('one'), ...first.items, user('two'), ...second.items, user('three')] });
  expect((await tell(third, headersOf('s2'))).account).toBe(second.account);
});

test('an anchor is answered by the error from which the client heals, when its account is out or never was', async () => {
  const { first } = await started('s3');
  const anchored = codexBody('two', { previous_response_id: first.responseId });
  expect((await tell(anchored, headersOf('s3'))).account).toBe(first.account);
  await pause(first.account);
  const before = asks().length;
  for (const id of [first.responseId, 'resp_of_somebody_else']) {
    const answer = await stage.sidecar.post(ROUTE, codexBody('two', { previous_response_id: id }), headersOf('s3'));
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({ code: 'previous_response_not_found', param: 'previous_response_id' });
  }
  expect(asks()).toHaveLength(before);
});

test('a history that is sealed in a compaction cannot move', async () => {
  const { first } = await started('s4');
  const sealed = first.items.find((item) => item['type'] === 'reasoning')?.['encrypted_content'];
  await pause(first.account);
  const input = [{ type: 'compaction', encrypted_content: sealed }, user('go on')];
  const answer = await stage.sidecar.post(ROUTE, codexBody('', { input }), headersOf('s4'));
  expect({ status: answer.status, code: errorOf(answer)['code'] }).toEqual({
    status: 503,
    code: 'continuation_account_unavailable',
  });
});

test('sub-agents of one session spread over the pool', async () => {
  const threads = ['root', 't1', 't2', 't3', 't4', 't5'];
  const told = await Promise.all(
    threads.map((thread) =>
      tell(codexBody('one', { prompt_cache_key: 'root' }), { 'session-id': 'root', 'thread-id': thread }),
    ),
  );
  expect(new Set(told.map(({ account }) => account)).size).toBe(3);
});
