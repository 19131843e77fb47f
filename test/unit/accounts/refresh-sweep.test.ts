import { createHash } from 'node:crypto';
import { blankRow } from '../../../sidecar/accounts/account-row';
import { refreshFailure, type RefreshFailure } from '../../../sidecar/accounts/refresh-failure';
import { RefreshSweep } from '../../../sidecar/accounts/refresh-sweep';
import { factsOf, Roster, rosterEntry, type AccountFacts } from '../../../sidecar/accounts/roster';
import { ServingTokens } from '../../../sidecar/accounts/serving-tokens';
import { recordingLogger } from '../vault/recording-logger';
import { SCHEDULE, START_MS } from './pool-fixture';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const AWAY = refreshFailure('oauth_transport_failed', 'unreachable');

let roster: Roster;
let clock: { nowMs: number; now(): number };
let refreshed: string[];
let pauses: number[];
let inFlight: number;
let most: number;
let outcome: (id: string) => RefreshFailure | null;
let duringPause: () => void;
let stop: AbortController;

beforeEach(() => {
  roster = new Roster();
  clock = { nowMs: START_MS, now: () => clock.nowMs };
  refreshed = [];
  pauses = [];
  inFlight = 0;
  most = 0;
  outcome = () => null;
  duringPause = () => undefined;
  stop = new AbortController();
});

function put(id: string, facts: Partial<AccountFacts> = {}, refreshToken: string | null = `rt-${id}`): void {
  const fresh = {
    token_refresh_last_success_at_ms: START_MS - DAY,
    token_refresh_next_due_at_ms: START_MS,
    access_token_expires_at_ms: START_MS + 9 * DAY,
  };
  const row = { ...factsOf(blankRow(id, 'openai', id, 1)), ...fresh, ...facts };
  const tokens = { accessToken: `at-${id}`, refreshToken, idToken: null };
  roster.put(rosterEntry({ facts: row, tokens, loginEpoch: 0, strikes: 0 }));
}

function sweepOf(checkIntervalMs: number = SCHEDULE.checkIntervalMs): RefreshSweep {
  return new RefreshSweep({
    roster,
    refresh: async (id) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await Promise.resolve();
      inFlight -= 1;
      refreshed.push(id);
      const failure = outcome(id);
      if (failure === null) roster.change(id, { facts: { token_refresh_next_due_at_ms: clock.nowMs + DAY } });
      return failure;
    },
    serving: new ServingTokens(clock),
    times: { ...SCHEDULE, checkIntervalMs },
    clock,
    logger: recordingLogger(),
    pause: async (ms) => {
      pauses.push(ms);
      duringPause();
      await Promise.resolve();
    },
  });
}

const run = (checkIntervalMs?: number) => sweepOf(checkIntervalMs).run('periodic', stop.signal);

test('every account whose login lives is kept alive, limited and paused ones too', async () => {
  for (const status of ['active', 'paused', 'rate_limited', 'quota_blocked', 'reauth_required', 'deactivated']) {
    put(status, { status, blocked_until_ms: START_MS + HOUR });
  }
  put('no refresh token', {}, null);
  await expect(run()).resolves.toEqual({ due: 4, refreshed: 4, failed: 0, postponed: 0 });
  expect(refreshed.sort()).toEqual(['active', 'paused', 'quota_blocked', 'rate_limited']);
});

test('those whose access token ends first go first', async () => {
  put('a');
  put('b', { access_token_expires_at_ms: START_MS + HOUR });
  put('c', { access_token_expires_at_ms: null });
  put('d', { access_token_expires_at_ms: START_MS - HOUR });
  await run();
  expect(refreshed).toEqual(['d', 'b', 'a', 'c']);
});

test('after a long sleep of the machine all are due, and are refreshed one by one with pauses', async () => {
  for (let n = 0; n < 40; n += 1) put(`a${n}`);
  clock.nowMs += 5 * DAY;
  await run();
  expect(refreshed).toHaveLength(40);
  expect(most).toBe(1);
  expect(pauses).toHaveLength(39);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1_000);
});

test('pauses stay within half an interval, however many are due', async () => {
  for (let n = 0; n < 10; n += 1) put(`a${n}`);
  await run(4_000);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(300);
});

test('a login that a request has refreshed meanwhile is left alone', async () => {
  put('a');
  put('b', { access_token_expires_at_ms: START_MS + 10 * DAY });
  duringPause = () => void roster.change('b', { facts: { token_refresh_next_due_at_ms: START_MS + DAY } });
  await run();
  expect(refreshed).toEqual(['a']);
});

test('when the provider is away the rest waits for the next sweep', async () => {
  for (const id of ['a', 'b', 'c', 'd']) put(id);
  outcome = () => AWAY;
  await expect(run()).resolves.toEqual({ due: 4, refreshed: 0, failed: 2, postponed: 2 });
});

test('one account that fails does not keep the others from their turn', async () => {
  for (const id of ['a', 'b', 'c', 'd']) put(id);
  outcome = (id) => (id === 'a' ? AWAY : refreshFailure('invalid_grant', 'No.', { status: 400 }));
  await expect(run()).resolves.toEqual({ due: 4, refreshed: 0, failed: 4, postponed: 0 });
});

test('after the stop no refresh begins', async () => {
  for (const id of ['a', 'b', 'c']) put(id);
  duringPause = () => stop.abort();
  await expect(run()).resolves.toMatchObject({ refreshed: 1, postponed: 2 });
});

test('the stop does not wait for a refresh under way', async () => {
  put('a');
  const never = new RefreshSweep({
    roster,
    refresh: () => {
      stop.abort(new Error('stopping'));
      return new Promise(() => undefined);
    },
    serving: new ServingTokens(clock),
    times: SCHEDULE,
    clock,
    logger: recordingLogger(),
  });
  await expect(never.run('periodic', stop.signal)).resolves.toMatchObject({ refreshed: 0, failed: 0 });
});

test('a login in doubt is not touched while its access token serves, and looked at once it has ended', async () => {
  const hash = createHash('sha256').update('rt-a').digest('hex');
  put('a', { token_refresh_intent_hash: hash });
  await run();
  expect(refreshed).toEqual([]);
  clock.nowMs += 9 * DAY;
  await run();
  expect(refreshed).toEqual(['a']);
});
