/** A killed session stops its account at once although its token's `exp` lies ahead, and says why (codex-wire 2.10). */
import { accountDeactivated, unauthorized } from '../../fakes/upstream/error-faults';
import { toPath, toResponses } from '../../fakes/upstream/recorder';
import { refreshRefused } from '../../fakes/upstream/token-route';
import { authJsonOf } from '../../fakes/upstream/auth-json';
import { openAiBody } from '../harness/bodies';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

const account = async (): Promise<Json> =>
  (await stage.sidecar.admin('GET', `/api/accounts/${String(stage.pool[0]?.['accountId'])}`)).json;

async function turns(count: number): Promise<number[]> {
  const statuses = [];
  for (let turn = 0; turn < count; turn += 1) {
    statuses.push((await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))).status);
  }
  return [...new Set(statuses)];
}

/** Requests that reached upstream with the first account's tokens. */
const callsOfFirst = (): number =>
  stage.fake.requests(toResponses).filter(({ account: a }) => a === stage.fake.account(0)).length;

async function events(): Promise<readonly Json[]> {
  return (await stage.sidecar.admin('GET', '/api/events?limit=500')).json['events'] as readonly Json[];
}

test.each(['token_revoked', 'token_invalidated'] as const)(
  '%s with a refresh token that is dead as well: one call, one refresh, then never again',
  async (code) => {
    stage.fake.account(0).login.rejectAccessTokens(code);
    stage.fake.account(0).token.always(refreshRefused('refresh_token_invalidated'));
    expect(await turns(10)).toEqual([200]);
    expect(callsOfFirst()).toBe(1);
    expect(stage.fake.requests(toPath('/oauth/token'))).toHaveLength(1);
    expect(await account()).toMatchObject({
      status: 'reauth_required',
      reason: expect.stringContaining('refresh_token_invalidated') as string,
      nextStep: 'Sign in again, or import a fresh auth.json of this account.',
      tokenRefreshNeedsAttention: true,
      tokenRefreshNextDueAtMs: null,
    });
    const told = (await events()).filter(({ type }) => type === 'account_unusable');
    expect(told).toMatchObject([{ data: { accountId: stage.pool[0]?.['accountId'], level: 'error' } }]);
  },
);

test('token_revoked for a refreshed token too: two calls, then never again', async () => {
  stage.fake.account(0).responses.always(unauthorized('token_revoked'));
  expect(await turns(10)).toEqual([200]);
  expect(callsOfFirst()).toBe(2);
  expect(await account()).toMatchObject({
    status: 'reauth_required',
    reason: expect.stringMatching(/^token_revoked: Encountered invalidated oauth token/) as string,
  });
});

test('a deactivated account: one call, no refresh, then never again', async () => {
  stage.fake.account(0).responses.always(accountDeactivated());
  expect(await turns(10)).toEqual([200]);
  expect(callsOfFirst()).toBe(1);
  expect(stage.fake.requests(toPath('/oauth/token'))).toHaveLength(0);
  expect(await account()).toMatchObject({
    status: 'deactivated',
    reason: expect.stringContaining('account_deactivated') as string,
    nextStep: expect.stringContaining('provider') as string,
  });
});

test('a new sign-in brings the account back', async () => {
  const { login } = stage.fake.account(0);
  login.rejectAccessTokens('token_revoked');
  stage.fake.account(0).token.next(refreshRefused('invalid_grant'));
  await turns(4);
  expect((await account())['status']).toBe('reauth_required');
  login.signInAgain();
  await stage.sidecar.admin('POST', '/api/accounts/import', { authJson: authJsonOf(stage.fake.account(0)) });
  expect(await account()).toMatchObject({
    status: 'active',
    reason: null,
    nextStep: null,
    tokenRefreshNeedsAttention: false,
  });
  const before = callsOfFirst();
  expect(await turns(4)).toEqual([200]);
  expect(callsOfFirst()).toBeGreaterThan(before);
});
