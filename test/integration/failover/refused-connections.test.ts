/** An upstream that cannot be reached is a 502 in JSON, harms no account, and serves again as soon as it is back. */
import { openAiBody } from '../harness/bodies';
import { errorOf, type Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

test('connection refused, then back', async () => {
  await stage.fake.refuseConnections();
  const down = await stage.sidecar.post('/v1/responses', openAiBody(), { 'x-request-id': 'down-1' });
  expect(down.status).toBe(502);
  expect(errorOf(down)).toMatchObject({ code: 'upstream_unavailable', type: 'server_error' });
  expect(await stage.sidecar.logRow('down-1')).toMatchObject({ statusCode: 502, errorClass: 'network' });
  await stage.fake.acceptConnections();
  expect((await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  const { accounts } = (await stage.sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  expect(accounts.map((account) => account['status'])).toEqual(['active', 'active']);
});
