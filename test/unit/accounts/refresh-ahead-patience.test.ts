import { blankRow } from '../../../sidecar/accounts/account-row';
import { factsOf, Roster, rosterEntry } from '../../../sidecar/accounts/roster';
import { ServingTokens } from '../../../sidecar/accounts/serving-tokens';
import type { ExchangeResult } from '../../../sidecar/accounts/token-exchange';
import { TokenRefresh } from '../../../sidecar/accounts/token-refresh';

const NOW = 1_800_000_000_000;
const TOKENS = { accessToken: 'still-good', refreshToken: 'rt', idToken: null };

function refreshOf(run: () => Promise<ExchangeResult>, expiresInMs: number): TokenRefresh {
  const roster = new Roster();
  const row = { ...blankRow('a', 'openai', 'a', 1), access_token_expires_at_ms: NOW + expiresInMs };
  roster.put(rosterEntry({ facts: factsOf(row), tokens: TOKENS, loginEpoch: 0, strikes: 0 }));
  const clock = { now: () => NOW };
  const exchange = { run, hurry: () => undefined };
  return new TokenRefresh({ roster, exchange, serving: new ServingTokens(clock), clock, aheadWaitMs: 5 });
}

const silent = (): Promise<ExchangeResult> => new Promise(() => undefined);

test('a turn whose token is still good does not wait long for a slow refresh', async () => {
  const refresh = refreshOf(silent, 60_000);
  await expect(refresh.accessToken('a', new AbortController().signal)).resolves.toBe('still-good');
});

test('a turn whose token has ended waits as long as its client does', async () => {
  const leave = new AbortController();
  const asked = refreshOf(silent, 0).accessToken('a', leave.signal);
  leave.abort(new Error('client went away'));
  await expect(asked).rejects.toThrow('client went away');
});

test('a client that leaves during a refresh ahead is told apart from a slow refresh', async () => {
  const leave = new AbortController();
  const asked = refreshOf(silent, 60_000).accessToken('a', leave.signal);
  leave.abort(new Error('client went away'));
  await expect(asked).rejects.toThrow('client went away');
});
