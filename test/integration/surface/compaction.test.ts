/** Compaction: as a call of its own, over a turn where that is gone, bound to whoever sealed the history (codex-wire 2.7). */
import { sendJson } from '../../fakes/upstream/answer';
import { textAnswer } from '../../fakes/upstream/answers';
import { detailAnswer, serverError } from '../../fakes/upstream/error-faults';
import { toPath, toResponses } from '../../fakes/upstream/recorder';
import { reply } from '../../fakes/upstream/reply';
import { codexBody } from '../harness/bodies';
import { errorOf, type WholeAnswer } from '../harness/json-call';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3, strict: true });
});
afterEach(async () => {
  expect(stage.fake.violations).toEqual([]);
  await stage.close();
});

type Item = Readonly<Record<string, unknown>>;
const ROUTE = '/backend-api/codex/responses/compact';
const ROUTED = 'x-tightrope-routed-account-id';
const toCompact = toPath(ROUTE);
const user = (text: string): Item => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

const compact = (path: string, input: readonly Item[]): Promise<WholeAnswer> =>
  stage.sidecar.post(
    path,
    { ...codexBody(), instructions: 'Be brief.', input, client_metadata: { a: 'b' } },
    {
      'x-request-id': 'compact-1',
    },
  );

test.each([ROUTE, '/v1/responses/compact'])('POST %s', async (path) => {
  const got = await compact(path, [user('one')]);
  expect(got.json).toMatchObject({ object: 'response.compaction', output: [{ type: 'compaction' }] });
  const [request] = stage.fake.requests(toCompact);
  expect(request?.json).toEqual({
    model: 'gpt-5.5',
    instructions: 'Be brief.',
    input: [user('one')],
    reasoning: { effort: 'medium' },
    parallel_tool_calls: false,
  });
  expect(request?.headers.accept).toBe('application/json');
  expect(await stage.sidecar.logRow('compact-1')).toMatchObject({ statusCode: 200, model: 'gpt-5.5', attempts: 1 });
});

test('what was compacted goes back to its account, in turns and in the next compaction', async () => {
  const first = await compact(ROUTE, [user('one')]);
  const sealed = first.json['output'] as Item[];
  for (let round = 0; round < 3; round += 1) {
    const next = await compact(ROUTE, [...sealed, user('two')]);
    expect({ status: next.status, account: next.headers[ROUTED] }).toEqual({
      status: 200,
      account: first.headers[ROUTED],
    });
    const turn = await stage.sidecar.post(
      '/backend-api/codex/responses',
      codexBody('', { input: [...sealed, user('x')] }),
    );
    expect({ status: turn.status, account: turn.headers[ROUTED] }).toEqual({
      status: 200,
      account: first.headers[ROUTED],
    });
  }
});

test('a history whose account is out is not compacted elsewhere', async () => {
  const first = await compact(ROUTE, [user('one')]);
  await stage.sidecar.admin('POST', `/api/accounts/${String(first.headers[ROUTED])}/pause`);
  const refused = await compact(ROUTE, [...(first.json['output'] as Item[]), user('two')]);
  expect({ status: refused.status, code: errorOf(refused)['code'] }).toEqual({
    status: 503,
    code: 'continuation_account_unavailable',
  });
});

test('a failing account is replaced, unseen', async () => {
  stage.fake.scripts.compact.next(serverError(500));
  expect((await compact(ROUTE, [user('one')])).status).toBe(200);
  expect(stage.fake.requests(toCompact).length).toBeGreaterThan(1);
});

test.each([404, 410])(
  'where the call is gone (%d), a turn with a trigger does it, and goes on doing it',
  async (status) => {
    stage.fake.scripts.compact.always(detailAnswer(status, 'Not Found'));
    for (const text of ['one', 'two']) {
      const got = await compact(ROUTE, [user(text)]);
      expect(got.status).toBe(200);
      expect(got.json).toMatchObject({
        object: 'response.compaction',
        output: [{ type: 'compaction', encrypted_content: expect.any(String) as string }],
        usage: { total_tokens: 1250 },
      });
    }
    expect(stage.fake.requests(toCompact)).toHaveLength(1);
    const [turn] = stage.fake.requests(toResponses);
    const body = turn?.json as Item;
    expect(body).toMatchObject({ input: [user('one'), { type: 'compaction_trigger' }], parallel_tool_calls: false });
    for (const field of ['tools', 'tool_choice', 'client_metadata']) expect(body).not.toHaveProperty(field);
    expect(await stage.sidecar.logRow('compact-1')).toMatchObject({ statusCode: 200, errorCode: null });
  },
);

test('a turn that ends without a summary is no compaction', async () => {
  stage.fake.scripts.compact.always(detailAnswer(404, 'Not Found'));
  stage.fake.scripts.responses.always(
    reply({ events: () => textAnswer([]).filter(({ type }) => !type.includes('item')) }),
  );
  const got = await compact(ROUTE, [user('one')]);
  expect(got.status).toBeLessThan(503);
});

test('an answer without output is the upstream’s fault', async () => {
  stage.fake.scripts.compact.always(({ response }) => sendJson(response, 200, { id: 'x' }));
  const got = await compact(ROUTE, [user('one')]);
  expect({ status: got.status, error: errorOf(got) }).toMatchObject({
    status: 502,
    error: { code: 'upstream_error', message: 'Unexpected upstream payload' },
  });
});

test.each([
  ['twice', [{ type: 'compaction_trigger' }, { type: 'compaction_trigger' }]],
  ['not last', [{ type: 'compaction_trigger' }, user('x')]],
])('a trigger that stands %s is refused before anybody is asked', async (_where, input) => {
  const got = await stage.sidecar.post('/backend-api/codex/responses', codexBody('', { input }));
  expect({ status: got.status, param: errorOf(got)['param'] }).toEqual({ status: 400, param: 'input' });
  expect(stage.fake.requests(toResponses)).toHaveLength(0);
});

test('a turn with a trigger passes as the client wrote it', async () => {
  const input = [user('one'), { type: 'compaction_trigger' }];
  const stream = await stage.sidecar.stream('/backend-api/codex/responses', codexBody('', { input }));
  const items = (await stream.rest()).map(jsonOf).filter(({ type }) => type === 'response.output_item.done');
  expect(items).toMatchObject([{ item: { type: 'compaction' } }]);
  expect(stage.fake.requests(toResponses)[0]?.json).toEqual(codexBody('', { input }));
});
