/** An error that is the payload's own is handed on at once: no other account is asked and none is marked (design §3.7). */
import { detailAnswer, missingToolOutput, payloadRejected } from '../../fakes/upstream/error-faults';
import { toResponses } from '../../fakes/upstream/recorder';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf, type Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(async () => {
  const { accounts } = (await stage.sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  await stage.close();
  expect(accounts.map((account) => account['status'])).toEqual(['active', 'active']);
});

test.each(RESPONSE_ROUTES)('$path: a wrong value keeps message, code and param', async ({ path, body }) => {
  stage.fake.scripts.responses.always(payloadRejected("Invalid value: 'banana'.", 'input[0].role'));
  const answer = await stage.sidecar.post(path, body(), { 'x-request-id': 'payload-1' });
  expect(answer.status).toBe(400);
  expect(errorOf(answer)).toMatchObject({
    message: "Invalid value: 'banana'.",
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'input[0].role',
  });
  expect(stage.fake.requests(toResponses)).toHaveLength(1);
  expect(await stage.sidecar.logRow('payload-1')).toMatchObject({ statusCode: 400, errorClass: 'payload' });
});

test.each(RESPONSE_ROUTES)("$path: the backend's own {detail} becomes an envelope", async ({ path, body }) => {
  stage.fake.scripts.responses.always(detailAnswer(400, 'Unsupported content type'));
  const answer = await stage.sidecar.post(path, body());
  expect(answer.status).toBe(400);
  expect(errorOf(answer)).toMatchObject({ message: 'Unsupported content type', type: 'invalid_request_error' });
});

test('lost continuity is the client’s to heal: its text and param stay', async () => {
  stage.fake.scripts.responses.always(missingToolOutput('call_7', 'custom tool'));
  const answer = await stage.sidecar.post('/backend-api/codex/responses', RESPONSE_ROUTES[1].body());
  expect(answer.status).toBe(400);
  expect(errorOf(answer)).toMatchObject({
    message: 'No tool output found for custom tool call call_7.',
    param: 'input',
  });
});
