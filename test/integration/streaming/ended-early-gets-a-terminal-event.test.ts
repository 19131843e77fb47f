/** A stream that upstream ends too early is closed by Tightrope with one honest terminal event (design §11 "Errors after the 200"). */
import { cutBeforeCompleted, cutHalfEvent, cutMidText, eofWithoutTerminal } from '../../fakes/upstream/stream-faults';
import { toResponses } from '../../fakes/upstream/recorder';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

const FAULTS = [
  { name: 'the socket closes in the middle of the text', fault: cutMidText('close') },
  { name: 'the connection is reset in the middle of the text', fault: cutMidText('reset') },
  { name: 'the socket closes inside an event', fault: cutHalfEvent('close') },
  { name: 'the answer ends inside an event', fault: cutHalfEvent('eof') },
  { name: 'the socket closes after the last item', fault: cutBeforeCompleted('close') },
  { name: 'the answer ends without a terminal event', fault: eofWithoutTerminal() },
];

const CASES = RESPONSE_ROUTES.flatMap((route) => FAULTS.map((fault) => ({ ...route, ...fault })));

test.each(CASES)('$path: $name', async ({ path, body, fault }) => {
  stage.fake.scripts.responses.always(fault);
  const stream = await stage.sidecar.stream(path, body());
  const events = (await stream.rest()).map(jsonOf);
  expect(stream.answer.status).toBe(200);
  const terminals = events.filter((event) => /^(response\.(completed|failed|incomplete)|error)$/.test(event.type));
  expect(terminals).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({
    type: 'response.failed',
    response: {
      object: 'response',
      status: 'failed',
      error: { code: 'stream_incomplete', message: expect.any(String) as string },
    },
  });
  expect(events.filter((event) => event.type === 'response.created')).toHaveLength(1);
  expect(stage.fake.requests(toResponses)).toHaveLength(1);
});

test('a half event never reaches the client', async () => {
  stage.fake.scripts.responses.always(cutHalfEvent('close'));
  const stream = await stage.sidecar.stream('/backend-api/codex/responses', RESPONSE_ROUTES[1].body());
  await stream.rest();
  for (const block of stream.bytes.toString().trimEnd().split('\n\n')) {
    const data = block.split('\n').find((line) => line.startsWith('data: ')) ?? '';
    expect(() => JSON.parse(data.slice(6)) as unknown).not.toThrow();
  }
});
