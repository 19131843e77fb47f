/** Search, memories, pictures, safety and keys: JSON calls on the same turn as all others (codex-wire 2.10). */
import { payloadRejected, serverError, unauthorized, usageLimit } from '../../fakes/upstream/error-faults';
import { sendBytes } from '../../fakes/upstream/answer';
import type { Behaviour } from '../../fakes/upstream/behaviour';
import { toPath } from '../../fakes/upstream/recorder';
import { errorOf } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ accounts: 4, strict: true });
});
afterAll(() => stage.close());

const CALLS = [
  { name: 'alpha/search', body: { query: 'weather' }, answer: { results: [{ query: 'weather' }] } },
  {
    name: 'memories/trace_summarize',
    body: { traces: [{ id: 't1' }] },
    answer: { output: [{ trace_summary: 'Did things.' }] },
  },
  { name: 'safety/arc', body: { action: 'rm' }, answer: { verdict: 'allow' } },
  {
    name: 'images/generations',
    body: { model: 'gpt-image-1', prompt: 'a cat' },
    answer: { usage: { total_tokens: 110 } },
  },
  {
    name: 'images/edits',
    body: { prompt: 'a dog', images: [{ image_url: 'data:image/png;base64,AA==' }] },
    answer: { data: [{}] },
  },
] as const;

test.each(CALLS.flatMap((call) => ['/backend-api/codex', '/v1'].map((prefix) => ({ ...call, prefix }))))(
  'POST $prefix/$name',
  async ({ prefix, name, body, answer }) => {
    const id = `${prefix}-${name}`.replaceAll('/', '-');
    const got = await stage.sidecar.post(`${prefix}/${name}`, body, { 'x-request-id': id });
    expect(got.status).toBe(200);
    expect(got.json).toMatchObject(answer);
    expect(got.headers['content-type']).toBe('application/json');
    const [request] = stage.fake.requests(({ headers }) => headers['x-request-id'] === id);
    expect(request?.path).toBe(`/backend-api/codex/${name}`);
    expect(request?.json).toEqual(body);
    expect(await stage.sidecar.logRow(id)).toMatchObject({ statusCode: 200, attempts: 1 });
  },
);

test('pictures are counted', async () => {
  const id = 'picture-tokens';
  await stage.sidecar.post('/v1/images/generations', { model: 'gpt-image-1', prompt: 'x' }, { 'x-request-id': id });
  expect(await stage.sidecar.logRow(id)).toMatchObject({ model: 'gpt-image-1', inputTokens: 10, outputTokens: 100 });
});

test.each(['/backend-api/codex/agent-identities/jwks', '/backend-api/wham/agent-identities/jwks'])(
  'GET %s',
  async (path) => {
    const got = await stage.sidecar.call(`${path}?v=1`);
    expect({ status: got.status, json: got.json }).toEqual({ status: 200, json: { keys: [] } });
    expect(stage.fake.requests(toPath(path)).at(-1)?.query.get('v')).toBe('1');
  },
);

/** Promises a longer body than it sends. */
const brokenBody: Behaviour = ({ response, cutConnection }) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"results":');
  cutConnection('close');
};

test.each([
  ['500', serverError(500)],
  ['a revoked login', unauthorized()],
  ['a body that breaks', brokenBody],
])('%s moves to another account, unseen', async (name, fault) => {
  const path = '/backend-api/codex/alpha/search';
  stage.fake.scripts.side.next(fault);
  const before = stage.fake.requests(toPath(path)).length;
  const got = await stage.sidecar.post(path, { query: name });
  expect({ status: got.status, json: got.json }).toMatchObject({ status: 200, json: { results: [{ query: name }] } });
  expect(stage.fake.requests(toPath(path)).length).toBeGreaterThan(before + 1);
});

test('what the upstream refuses is told once, in the OpenAI envelope', async () => {
  stage.fake.scripts.side.next(payloadRejected('Bad query.', 'query'));
  const got = await stage.sidecar.post('/v1/alpha/search', { query: '' });
  expect({ status: got.status, error: errorOf(got) }).toMatchObject({
    status: 400,
    error: { message: 'Bad query.', param: 'query' },
  });
});

test('an empty answer is none', async () => {
  const empty: Behaviour = ({ response }) => sendBytes(response, 200, 'application/json', Buffer.alloc(0));
  stage.fake.scripts.side.always(empty);
  const got = await stage.sidecar.post('/v1/memories/trace_summarize', { traces: [] });
  stage.fake.scripts.side.clear();
  expect({ status: got.status, code: errorOf(got)['code'] }).toEqual({ status: 502, code: 'upstream_incomplete' });
});

test('a body that is no JSON object is refused here', async () => {
  const got = await stage.sidecar.post('/v1/alpha/search', ['x']);
  expect({ status: got.status, code: errorOf(got)['code'] }).toEqual({ status: 400, code: 'invalid_json' });
});

test('the goal of a thread is asked for where it was set, whoever is used otherwise', async () => {
  const goal = (verb: string, thread: string, more = {}) =>
    stage.sidecar.post(`/backend-api/codex/thread/goal/${verb}`, { threadId: thread, ...more });
  const threads = ['t1', 't2', 't3'];
  for (const thread of threads) await goal('set', thread, { objective: `win ${thread}` });
  for (const thread of threads) expect((await goal('get', thread)).json).toEqual({ goal: `win ${thread}` });
  expect((await goal('clear', 't1')).json).toEqual({ cleared: true });
  expect((await goal('get', 't1')).json).toEqual({ goal: null });
  expect((await stage.sidecar.post('/backend-api/codex/thread/goal/get', {})).status).toBe(400);
});

test('an exhausted pool says so here, too', async () => {
  stage.fake.scripts.side.always(usageLimit({ resetsInSeconds: 3600 }));
  const got = await stage.sidecar.post('/v1/alpha/search', { query: 'x' });
  expect({ status: got.status, error: errorOf(got) }).toMatchObject({
    status: 429,
    error: { type: 'usage_limit_reached', code: 'usage_limit_reached' },
  });
});
