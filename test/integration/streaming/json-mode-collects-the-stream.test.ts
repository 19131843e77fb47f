/** `stream: false` gets one JSON object made from the upstream's events (proxy 4.4). */
import { textAnswer, toolCallAnswer } from '../../fakes/upstream/answers';
import { errorEvent, type FakeEvent } from '../../fakes/upstream/events';
import { toResponses } from '../../fakes/upstream/recorder';
import { reply } from '../../fakes/upstream/reply';
import { asJsonObject } from '../../fakes/upstream/json-value';
import { RESPONSE_ROUTES, openAiBody } from '../harness/bodies';
import { errorOf } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const next = (events: readonly FakeEvent[]): void => {
  stage.fake.account(0).responses.next(reply({ events }));
};

/** The terminal event's `response` with another `output`. */
function withOutput(events: readonly FakeEvent[], output: readonly unknown[] | undefined): FakeEvent[] {
  const last = asJsonObject(events.at(-1));
  const response = Object.entries(asJsonObject(last['response'])).filter(([key]) => key !== 'output');
  const changed = { ...Object.fromEntries(response), ...(output && { output }) };
  return [...events.slice(0, -1), { ...last, type: 'response.completed', response: changed }];
}

test.each(RESPONSE_ROUTES)('$path answers with the completed response object', async ({ path, body }) => {
  const events = textAnswer(['Hel', 'lo'], { id: 'resp_json_1' });
  next(events);
  const answer = await stage.sidecar.post(path, body({ stream: false }));
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(answer.json).toEqual(asJsonObject(events.at(-1))['response']);
  expect(answer.json).toMatchObject({ id: 'resp_json_1', status: 'completed', usage: { total_tokens: 1250 } });
});

test.each([[[]], [undefined]])('an output of %j in the terminal event is filled from the items', async (output) => {
  const events = toolCallAnswer(
    { name: 'exec_command', arguments: { cmd: 'ls' }, callId: 'call_1' },
    { reasoning: true },
  );
  next(withOutput(events, output));
  const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  const complete = asJsonObject(asJsonObject(events.at(-1))['response'])['output'];
  expect(answer.json['output']).toEqual(complete);
});

test('upstream is asked for a stream that is not stored, whatever the client wants', async () => {
  await stage.sidecar.post('/v1/responses', openAiBody({ stream: false, store: true }));
  expect(stage.fake.requests(toResponses).at(-1)?.json).toMatchObject({ stream: true, store: false });
});

test('an upstream that ends without a terminal event is 502 upstream_incomplete', async () => {
  const events = textAnswer();
  stage.fake.account(0).responses.always(reply({ events, stop: { after: events.length - 1, how: 'eof' } }));
  const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  stage.fake.account(0).responses.clear();
  expect(answer.status).toBe(502);
  expect(errorOf(answer)).toMatchObject({ code: 'upstream_incomplete', type: 'server_error' });
});

test('an error event becomes an HTTP status with its code', async () => {
  next([errorEvent(400, { type: 'invalid_request_error', code: 'context_length_exceeded', message: 'Too long.' })]);
  const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  expect(answer.status).toBe(400);
  expect(errorOf(answer)).toMatchObject({ code: 'context_length_exceeded', message: 'Too long.' });
});

test('response.incomplete is an answer, not an error', async () => {
  const [created] = textAnswer([], { id: 'resp_inc' });
  const response = {
    id: 'resp_inc',
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: [],
  };
  next([...(created === undefined ? [] : [created]), { type: 'response.incomplete', response }]);
  const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
});
