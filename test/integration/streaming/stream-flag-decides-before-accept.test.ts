/** Whether an answer streams: the body's `stream`, and only when that is absent the Accept header (proxy 1.7.2). */
import { codexBody, openAiBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const SSE = /^text\/event-stream/;
const JSON_TYPE = /^application\/json/;

test.each([
  { stream: true, accept: 'application/json', expected: SSE },
  { stream: false, accept: 'text/event-stream', expected: JSON_TYPE },
  { stream: undefined, accept: 'text/event-stream', expected: SSE },
  { stream: undefined, accept: 'application/json, Text/Event-Stream;q=0.5', expected: SSE },
  { stream: undefined, accept: 'application/json', expected: JSON_TYPE },
  { stream: undefined, accept: '*/*', expected: JSON_TYPE },
  { stream: null, accept: 'text/event-stream', expected: SSE },
])('stream $stream with Accept $accept', async ({ stream, accept, expected }) => {
  for (const [path, body] of [
    ['/v1/responses', openAiBody({ stream })],
    ['/backend-api/codex/responses', codexBody(undefined, { stream })],
  ] as const) {
    const answer = await stage.sidecar.post(path, body, { accept });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(expected);
  }
});
