/** While upstream is silent the client hears a keepalive in the form of its route (design §11 "Keepalive while silent"). */
import { HeldReply } from '../../fakes/upstream/held-reply';
import { codexBody, openAiBody } from '../harness/bodies';
import { within } from '../harness/eventually';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ env: { TIGHTROPE_SSE_KEEPALIVE_MS: '100' } });
});
afterAll(() => stage.close());

const ROUTES = [
  { path: '/v1/responses', body: openAiBody(), form: { kind: 'comment' } },
  {
    path: '/backend-api/codex/responses',
    body: codexBody(),
    form: { kind: 'event', name: 'codex.keepalive' },
  },
] as const;

test.each(ROUTES)('$path keeps alive before the first event and between two', async ({ path, body, form }) => {
  const held = new HeldReply();
  stage.fake.account(0).responses.next(held.behaviour);
  const stream = await within('the head when a keepalive is due', stage.sidecar.stream(path, body));
  expect(stream.answer.status).toBe(200);
  expect(await within('a keepalive before the first event', stream.next())).toMatchObject(form);
  expect(await within('a second keepalive', stream.next())).toMatchObject(form);

  const first = await held.sendNext();
  let event = await stream.next();
  while (event?.kind === 'comment' || event?.name === 'codex.keepalive') event = await stream.next();
  expect(jsonOf(event)).toEqual(first);
  expect(await within('a keepalive in the middle', stream.next())).toMatchObject(form);

  await held.finish();
  const rest = (await stream.rest()).filter((one) => one.kind === 'event' && one.name !== 'codex.keepalive');
  expect(rest.map(jsonOf)).toEqual(held.events.slice(1));
});

test('the keepalive event of the Codex route is a JSON object of its own type', async () => {
  const held = new HeldReply();
  stage.fake.account(0).responses.next(held.behaviour);
  const stream = await stage.sidecar.stream('/backend-api/codex/responses', codexBody());
  expect(jsonOf(await stream.next())).toMatchObject({ type: 'codex.keepalive' });
  await held.finish();
  await stream.rest();
});

test('JSON mode never sees a keepalive', async () => {
  const held = new HeldReply();
  stage.fake.account(0).responses.next(held.behaviour);
  const witness = new HeldReply();
  const answer = stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  await held.sendNext();
  // Another silent stream that has heard three keepalives proves that as much time has passed for this one.
  stage.fake.account(0).responses.next(witness.behaviour);
  const other = await stage.sidecar.stream('/v1/responses', openAiBody());
  for (let heard = 0; heard < 3; heard += 1) await other.next();
  await held.finish();
  expect((await answer).json).toMatchObject({ status: 'completed' });
  await witness.finish();
  await other.rest();
});
