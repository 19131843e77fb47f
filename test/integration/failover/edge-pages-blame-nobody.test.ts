/** A challenge page of the edge is about this machine, not about an account: nobody is marked and no page reaches the client. */
import { htmlForbidden } from '../../fakes/upstream/error-faults';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf, type Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ accounts: 2 });
});
afterAll(() => stage.close());

test.each(RESPONSE_ROUTES)('$path answers 502 in JSON', async ({ path, body }) => {
  stage.fake.scripts.responses.always(htmlForbidden());
  const answer = await stage.sidecar.post(path, body());
  expect(answer.status).toBe(502);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(errorOf(answer)['type']).toBe('server_error');
  expect(answer.text).not.toMatch(/<html|Attention/);
  const { accounts } = (await stage.sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  expect(accounts.map((account) => account['status'])).toEqual(['active', 'active']);
});
