/** Very large events, line separators inside text and every way of cutting bytes pass unharmed (codex-wire 2.4, 2.11.8). */
import { createHash } from 'node:crypto';
import { eventOfSize, MIB } from '../../fakes/upstream/big-events';
import { textAnswer } from '../../fakes/upstream/answers';
import { frameEvent, type Framing } from '../../fakes/upstream/event-framing';
import { responseCompleted, responseCreated } from '../../fakes/upstream/events';
import { reply } from '../../fakes/upstream/reply';
import { RESPONSE_ROUTES, codexBody } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const FACTS = { id: 'resp_big', model: 'gpt-5.5' };
const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const CASES = RESPONSE_ROUTES.flatMap((route) => [15.9, 16.1].map((mebibytes) => ({ ...route, mebibytes })));

test.each(CASES)('$path passes an event of $mebibytes MiB', async ({ path, body, mebibytes }) => {
  const big = eventOfSize(Math.floor(mebibytes * MIB));
  stage.fake.account(0).responses.next(reply({ events: [responseCreated(FACTS), big, responseCompleted(FACTS)] }));
  const stream = await stage.sidecar.stream(path, body());
  const events = await stream.rest();
  expect(events.map((event) => jsonOf(event).type)).toEqual([
    'response.created',
    'response.output_text.delta',
    'response.completed',
  ]);
  expect(digest(events[1]?.data ?? '')).toBe(digest(JSON.stringify(big)));
});

const FRAMINGS: readonly Framing[] = [{}, { lineEnding: '\r\n' }, { lineEnding: '\r' }];

test.each(FRAMINGS)(
  'bytes that come one at a time with framing %j keep separators and characters whole',
  async (framing) => {
    const events = textAnswer(['a\u2028b\u2029c', ' naïve 語 🧗‍♀️', '\u0085']);
    for (const { path, body } of RESPONSE_ROUTES) {
      stage.fake.account(0).responses.next(reply({ events, framing, chunkBytes: 1 }));
      const received = await (await stage.sidecar.stream(path, body())).rest();
      expect(received.map(jsonOf)).toEqual(events);
    }
  },
);

test('many events in one write all arrive', async () => {
  const events = textAnswer(Array.from({ length: 2000 }, (_, index) => `piece ${index} `));
  const wire = Buffer.concat(events.map((event) => frameEvent(event)));
  stage.fake.account(0).responses.next(({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(wire);
  });
  const stream = await stage.sidecar.stream('/backend-api/codex/responses', codexBody());
  await stream.rest();
  expect(digest(stream.bytes.toString('latin1'))).toBe(digest(wire.toString('latin1')));
});
