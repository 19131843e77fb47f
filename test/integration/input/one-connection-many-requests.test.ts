/** A kept connection serves request after request, whatever became of the one before. */
import http from 'node:http';
import { payloadRejected } from '../../fakes/upstream/error-faults';
import { cutMidText } from '../../fakes/upstream/stream-faults';
import { codexBody, openAiBody } from '../harness/bodies';
import { callWhole, jsonCall } from '../harness/json-call';
import type { HttpCall } from '../harness/sse-client';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('good, bad and broken ones on one socket', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<unknown>();
  agent.on('free', (socket) => sockets.add(socket));
  const call = async (path: string, options: HttpCall = {}): Promise<number> =>
    (await callWhole(stage.sidecar.url(path), { ...options, agent })).status;

  stage.fake.account(0).responses.next((exchange) => exchange.standard(), payloadRejected(), cutMidText());
  expect(await call('/health')).toBe(200);
  expect(await call('/backend-api/codex/responses', jsonCall(codexBody()))).toBe(200);
  expect(await call('/v1/responses', jsonCall(openAiBody()))).toBe(400);
  expect(await call('/v1/responses', jsonCall(openAiBody()))).toBe(200);
  expect(await call('/v1/responses', jsonCall({ model: 5 }))).toBe(400);
  expect(
    await call('/v1/responses', { method: 'POST', headers: { 'content-encoding': 'gzip' }, body: 'no gzip' }),
  ).toBe(400);
  expect(await call('/v1/nothing', jsonCall(openAiBody()))).toBe(404);
  expect(await call('/v1/models')).toBe(200);
  expect(await call('/v1/responses', jsonCall(openAiBody({ stream: false })))).toBe(200);
  expect(await call('/api/accounts')).toBe(200);
  agent.destroy();
  expect(sockets.size).toBe(1);
});
