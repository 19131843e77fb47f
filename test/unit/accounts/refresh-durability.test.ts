import type { TokenGrant } from '../../../sidecar/oauth/token-endpoint';
import type { WriteQueue } from '../../../sidecar/platform/write-queue';
import { openTokens } from '../../../sidecar/accounts/token-sealing';
import { accessToken, authJson } from './logins';
import { openPool, PATIENT, START_MS, type PoolFixture } from './pool-fixture';

const ANN = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-ann' };
const issued = (serial: number): TokenGrant => ({
  accessToken: accessToken({ ...ANN, expiresAt: START_MS / 1000 + 3600, serial }),
  refreshToken: `rt-next-${serial}`,
  idToken: null,
});

/** A provider that kills the login when a refresh token comes twice. */
let spent: string[];
const endpoint = {
  refresh: (refreshToken: string): Promise<TokenGrant> => {
    if (spent.includes(refreshToken)) throw new Error(`reuse of ${refreshToken} detected`);
    spent.push(refreshToken);
    return Promise.resolve(issued(spent.length));
  },
};

let pool: PoolFixture;
let id: string;
let first: string;

beforeEach(async () => {
  spent = [];
  pool = await openPool({ endpoint });
  const login = authJson({ ...ANN, expiresAt: START_MS / 1000 + 3600 }, { refreshToken: 'rt-first' });
  first = login.tokens.access_token;
  id = (await pool.service.importOne({ authJson: login })).account.accountId;
});

afterEach(() => pool.close());

const storedTokens = async () => openTokens(pool.vault, await pool.row(id)).tokens;

/** The pool's write queue with a body of ours before and after each transaction. */
function watched(around: <T>(run: () => Promise<T>) => Promise<T>): { readonly write: WriteQueue } {
  const { write } = pool.database;
  return {
    write: {
      append: (target, row) => write.append(target, row),
      flush: () => write.flush(),
      dropped: () => write.dropped(),
      transaction: (body) => around(() => write.transaction(body)),
    },
  };
}

/** A promise that the test resolves. */
function gate<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test('nobody gets the new token before the database has it', async () => {
  const order: string[] = [];
  const database = watched(async (run) => {
    order.push('write begins');
    const result = await run();
    order.push((await storedTokens())?.accessToken === issued(1).accessToken ? 'row holds new token' : 'row is old');
    return result;
  });
  const service = await pool.reopen({ database });
  const asker = async (): Promise<void> => {
    await service.replaceToken(id, first, PATIENT);
    order.push('used');
  };
  await Promise.all([asker(), asker(), asker()]);
  // The first write says that the token is about to be presented, the second brings what was got for it.
  expect(order).toEqual(['write begins', 'row is old', 'write begins', 'row holds new token', 'used', 'used', 'used']);
});

test('a process that dies right after the write goes on with the new login', async () => {
  await pool.service.replaceToken(id, first, PATIENT);
  const next = await pool.reopen();
  await expect(next.accessToken(id, PATIENT)).resolves.toBe(issued(1).accessToken);
  await expect(next.replaceToken(id, issued(1).accessToken, PATIENT)).resolves.toBe(issued(2).accessToken);
  expect(spent).toEqual(['rt-first', 'rt-next-1']);
});

/** A database that takes the intent of the first refresh and then nothing more until it is mended. */
function failingAfterIntent(): { readonly database: ReturnType<typeof watched>; mend(): void } {
  let writes = 0;
  let mended = false;
  const database = watched((run) => {
    writes += 1;
    return writes === 1 || mended ? run() : Promise.reject(new Error('disk is full'));
  });
  return { database, mend: () => void (mended = true) };
}

test('a pair that the database does not take is used, kept, and written once it does', async () => {
  const { database, mend } = failingAfterIntent();
  const service = await pool.reopen({ database });
  await expect(service.replaceToken(id, first, PATIENT)).resolves.toBe(issued(1).accessToken);
  expect((await storedTokens())?.refreshToken).toBe('rt-first');
  expect(pool.events.at(-2)).toMatchObject({ type: 'token_persist_failed', level: 'error', accountId: id });
  mend();
  await service.close(1_000);
  expect(await storedTokens()).toMatchObject({ accessToken: issued(1).accessToken, refreshToken: 'rt-next-1' });
  expect(await pool.row(id)).toMatchObject({ token_refresh_intent_hash: null });
});

test('the next token is not spent while even the last one is in memory only', async () => {
  const { database, mend } = failingAfterIntent();
  const service = await pool.reopen({ database });
  await service.replaceToken(id, first, PATIENT);
  const second = issued(1).accessToken;
  await expect(service.replaceToken(id, second, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  expect(spent).toEqual(['rt-first']);
  mend();
  pool.clock.nowMs += 10_000;
  await expect(service.replaceToken(id, second, PATIENT)).resolves.toBe(issued(2).accessToken);
  expect((await storedTokens())?.refreshToken).toBe('rt-next-2');
  expect(spent).toEqual(['rt-first', 'rt-next-1']);
});

test('a token is not spent while the database takes no writes', async () => {
  const service = await pool.reopen({ database: watched(() => Promise.reject(new Error('disk I/O error'))) });
  await expect(service.replaceToken(id, first, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  expect(spent).toEqual([]);
});

test('a newer login found in the database is taken over instead of an exchange', async () => {
  const other = await pool.reopen();
  await pool.service.replaceToken(id, first, PATIENT);
  await expect(other.replaceToken(id, first, PATIENT)).resolves.toBe(issued(1).accessToken);
  expect(spent).toEqual(['rt-first']);
});

test('the same login imported during its refresh does not cost the new pair', async () => {
  const again = authJson({ ...ANN, expiresAt: START_MS / 1000 + 3600 }, { refreshToken: 'rt-first' });
  const service = await pool.reopen({
    tokenEndpoint: {
      async refresh(refreshToken) {
        await service.importOne({ authJson: again });
        return endpoint.refresh(refreshToken);
      },
    },
  });
  await expect(service.replaceToken(id, first, PATIENT)).resolves.toBe(issued(1).accessToken);
  expect((await storedTokens())?.refreshToken).toBe('rt-next-1');
});

test('stopping waits for an exchange that is under way', async () => {
  const asked = gate<undefined>();
  const answered = gate<TokenGrant>();
  const service = await pool.reopen({
    tokenEndpoint: {
      refresh() {
        asked.resolve(undefined);
        return answered.promise;
      },
    },
  });
  const asker = service.replaceToken(id, first, PATIENT);
  await asked.promise;
  const stopped = service.close(5_000);
  answered.resolve(issued(1));
  await stopped;
  expect((await storedTokens())?.refreshToken).toBe('rt-next-1');
  await expect(asker).resolves.toBe(issued(1).accessToken);
});

test('an exchange that outlasts the stop is cut off', async () => {
  const service = await pool.reopen({
    tokenEndpoint: {
      refresh: (_token, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut off')))),
    },
  });
  const asker = service.replaceToken(id, first, PATIENT);
  await Promise.all([expect(asker).rejects.toMatchObject({ code: 'token_refresh_failed' }), service.close(20)]);
});
