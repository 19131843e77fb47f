/** A login that cannot be refreshed any more is taken out and named; the others serve (codex-wire 2.10 permanent codes). */
import { serverError } from '../../fakes/upstream/error-faults';
import { toResponses } from '../../fakes/upstream/recorder';
import { refreshRefused } from '../../fakes/upstream/token-route';
import { openAiBody } from '../harness/bodies';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

async function account(index: number): Promise<Json> {
  return (await stage.sidecar.admin('GET', `/api/accounts/${String(stage.pool[index]?.['accountId'])}`)).json;
}

/** Enough turns for the round robin to have met both accounts. */
async function severalTurns(): Promise<number[]> {
  const statuses: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    statuses.push((await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))).status);
  }
  return statuses;
}

test.each(['invalid_grant', 'refresh_token_expired', 'refresh_token_invalidated', 'app_session_terminated'] as const)(
  'a refresh refused with %s needs a new sign-in and is not tried again',
  async (code) => {
    stage.fake.account(0).login.rejectAccessTokens();
    stage.fake.account(0).token.always(refreshRefused(code));
    expect(await severalTurns()).toEqual([200, 200, 200, 200]);
    expect(await account(0)).toMatchObject({ status: 'reauth_required', nextStep: expect.any(String) as string });
    expect(await account(1)).toMatchObject({ status: 'active' });
    expect(stage.fake.refreshes.total).toBe(1);
    const served = stage.fake.requests(toResponses).filter((request) => request.status === 200);
    expect(served.every((request) => request.account?.name === 'account-2')).toBe(true);
  },
);

test('a token endpoint that is down costs the account nothing but this turn', async () => {
  stage.fake.account(0).login.rejectAccessTokens();
  stage.fake.account(0).token.always(serverError(503));
  expect(await severalTurns()).toEqual([200, 200, 200, 200]);
  expect((await account(0))['status']).toBe('active');
  stage.fake.account(0).token.clear();
  expect((await account(1))['status']).toBe('active');
});
