/** Bodies that are no request: 400 in the OpenAI envelope with the field and the reason, nothing sent upstream (issue "It must show"). */
import { toResponses } from '../../fakes/upstream/recorder';
import { codexBody, RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(async () => {
  expect(stage.fake.requests(toResponses)).toHaveLength(0);
  await stage.close();
});

const NOT_JSON = [
  '',
  '   ',
  'hello',
  '{',
  '{"model":',
  '{"model":"gpt-5.5",}',
  '[1,2',
  'nul',
  '{"a":1}{"b":2}',
  '\u0000',
];
const CASES = RESPONSE_ROUTES.flatMap(({ path }) => NOT_JSON.map((body) => ({ path, body })));

test.each(CASES)('$path with body $body is not JSON', async ({ path, body }) => {
  const answer = await stage.sidecar.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(400);
  expect(answer.headers['x-request-id']).toEqual(expect.any(String));
  expect(errorOf(answer)).toMatchObject({
    type: 'invalid_request_error',
    message: expect.stringMatching(/./) as string,
  });
});

const without = (key: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(codexBody()).filter(([name]) => name !== key));

const WRONG: readonly { name: string; body: unknown; param?: string }[] = [
  { name: 'an array', body: [] },
  { name: 'a number', body: 7 },
  { name: 'null', body: null },
  { name: 'no model', body: without('model'), param: 'model' },
  { name: 'an empty model', body: { ...codexBody(), model: '' }, param: 'model' },
  { name: 'a model that is a number', body: { ...codexBody(), model: 5 }, param: 'model' },
  { name: 'no input', body: without('input'), param: 'input' },
  { name: 'an input that is a number', body: { ...codexBody(), input: 5 }, param: 'input' },
  { name: 'an input that is an object', body: { ...codexBody(), input: {} }, param: 'input' },
  { name: 'a stream flag that is a text', body: { ...codexBody(), stream: 'yes' }, param: 'stream' },
];

const WRONG_CASES = RESPONSE_ROUTES.flatMap(({ path }) => WRONG.map((wrong) => ({ path, ...wrong })));

test.each(WRONG_CASES)('$path with $name names what is wrong', async ({ path, body, param }) => {
  const answer = await stage.sidecar.post(path, body);
  expect(answer.status).toBe(400);
  const error = errorOf(answer);
  expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.stringMatching(/./) as string });
  if (param !== undefined) {
    expect(error['param']).toBe(param);
    expect(error['message']).toContain(param);
  }
});

test('bytes that are no UTF-8 are refused', async () => {
  const body = Buffer.concat([
    Buffer.from('{"model":"gpt-5.5","input":"'),
    Buffer.from([0xff, 0xfe, 0xc0]),
    Buffer.from('"}'),
  ]);
  const answer = await stage.sidecar.call('/v1/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(400);
});

test('nesting without end is refused', async () => {
  const body = `{"model":"gpt-5.5","input":${'['.repeat(200_000)}`;
  const answer = await stage.sidecar.call('/v1/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(400);
});
