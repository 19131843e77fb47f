/** 1,000 clients read slow streams at once; every one ends complete (issue "It must show"). */
import http from 'node:http';
import { textAnswer } from '../../fakes/upstream/answers';
import { Gate } from '../../fakes/upstream/gate';
import { toResponses } from '../../fakes/upstream/recorder';
import { reply } from '../../fakes/upstream/reply';
import { codexBody } from '../harness/bodies';
import { jsonCall } from '../harness/json-call';
import { EventStream, openCall } from '../harness/sse-client';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

const STREAMS = 1000;
/** Milliseconds between two events of one stream. */
const EVENT_GAP_MS = 200;

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ accounts: 2, keepBodies: false });
});
afterAll(() => stage.close());

test('all of them are open at the same time and all complete', async () => {
  const slow = reply({ events: () => textAnswer(['one', 'two', 'three']), delayMs: EVENT_GAP_MS });
  const gate = new Gate(slow);
  stage.fake.scripts.responses.always(gate.behaviour);
  const agent = new http.Agent({ maxSockets: STREAMS });
  const calls = Array.from({ length: STREAMS }, async () => {
    const answer = await openCall(stage.sidecar.url('/backend-api/codex/responses'), {
      ...jsonCall(codexBody()),
      agent,
    });
    const events = await new EventStream(answer).rest();
    return { status: answer.status, last: jsonOf(events.at(-1) ?? null).type };
  });
  const ends = Promise.all(calls);
  await Promise.race([stage.fake.waitForRequests(toResponses, STREAMS), ends]);
  gate.open();
  const bad = (await ends).filter((end) => end.status !== 200 || end.last !== 'response.completed');
  agent.destroy();
  expect(bad).toEqual([]);
  expect(stage.fake.requests(toResponses)).toHaveLength(STREAMS);
  await stage.sidecar.expectUnharmed();
}, 120_000);
