/** The process tells how it does: health, runtime facts, events, and a page at the root (issue points 1, 8, 9). */
import { HeldReply } from '../../fakes/upstream/held-reply';
import { refreshRefused } from '../../fakes/upstream/token-route';
import { openAiBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

test('runtime health counts accounts and turns', async () => {
  const held = new HeldReply();
  stage.fake.scripts.responses.next(held.behaviour);
  const turn = stage.sidecar.post('/v1/responses', openAiBody());
  await held.arrived;
  const busy = await stage.sidecar.admin('GET', '/api/runtime/health');
  expect(busy.json).toMatchObject({
    status: 'ok',
    proxyEnabled: true,
    accounts: { total: 2, usable: 2 },
    turnsInFlight: 1,
    logRowsDropped: 0,
    version: expect.any(String) as string,
    nodeId: expect.any(String) as string,
  });
  await held.finish();
  await turn;
  const idle = await stage.sidecar.admin('GET', '/api/runtime/health');
  expect(idle.json['turnsInFlight']).toBe(0);
});

test('events are numbered, resumable and name the account', async () => {
  const first = (await stage.sidecar.admin('GET', '/api/events')).json as { events: readonly Json[]; nextSeq: number };
  expect(first.events.length).toBeGreaterThan(0);
  const sequence = first.events.map((event) => Number(event['seq']));
  expect(sequence).toEqual([...sequence].sort((a, b) => a - b));

  stage.fake.account(0).login.rejectAccessTokens();
  stage.fake.account(0).token.always(refreshRefused('invalid_grant'));
  for (let turn = 0; turn < 2; turn += 1) await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  const since = Math.max(...sequence);
  await eventually('an event about the lost login', async () => {
    const answer = await stage.sidecar.admin('GET', `/api/events?since=${since}`);
    const { events } = answer.json as { events: readonly { seq: number; data: Json }[] };
    expect(events.every((event) => event.seq > since)).toBe(true);
    return events.some((event) => event.data['accountId'] === stage.pool[0]?.['accountId']) ? true : undefined;
  });
});

test('a page stands at the root, under a strict policy', async () => {
  const page = await stage.sidecar.call('/');
  expect(page.status).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.headers['content-security-policy']).toMatch(/default-src 'none'|default-src 'self'/);
  expect(page.headers['content-security-policy']).not.toMatch(/unsafe-(inline|eval)/);
  expect(page.text).not.toContain(stage.sidecar.adminToken);
});
