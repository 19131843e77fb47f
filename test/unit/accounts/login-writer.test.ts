import { LoginWriter, type RotatedLogin, type RunTransaction } from '../../../sidecar/accounts/login-writer';
import { openTokens } from '../../../sidecar/accounts/token-sealing';
import { recordingLogger } from '../vault/recording-logger';
import { authJson } from './logins';
import { openPool, type PoolFixture } from './pool-fixture';

let pool: PoolFixture;
let accountId: string;

beforeEach(async () => {
  pool = await openPool();
  const login = authJson({ email: 'ann@example.com' }, { refreshToken: 'rt-0' });
  accountId = (await pool.service.importOne({ authJson: login })).account.accountId;
});

afterEach(() => pool.close());

const rotated = (serial: number): RotatedLogin => ({
  accountId,
  spentRefreshToken: `rt-${serial - 1}`,
  generation: serial,
  nextGeneration: serial + 1,
  tokens: { accessToken: `at-${serial}`, refreshToken: `rt-${serial}`, idToken: null },
  patch: { plan_type: `plan-${serial}` },
});

function writer(transaction: RunTransaction, retryMs?: number) {
  const logger = recordingLogger();
  const options = {
    store: pool.store,
    vault: pool.vault,
    logger,
    transaction,
    ...(retryMs === undefined ? {} : { retryMs }),
  };
  return { writer: new LoginWriter(options), logger };
}

const working: RunTransaction = (body) => pool.database.write.transaction(body);
const stored = async () => openTokens(pool.vault, await pool.row(accountId)).tokens?.refreshToken;

test('stores tokens and what changes with them, one generation on', async () => {
  const { writer: open } = writer(working);
  await expect(open.save(rotated(1))).resolves.toEqual({ kind: 'stored', generation: 2 });
  expect(await pool.row(accountId)).toMatchObject({ plan_type: 'plan-1', token_generation: 2 });
  expect(await stored()).toBe('rt-1');
});

test('does not overwrite a login that came meanwhile', async () => {
  const newer = authJson({ email: 'ann@example.com', serial: 5 }, { refreshToken: 'rt-newer' });
  await pool.service.importOne({ authJson: newer });
  await expect(writer(working).writer.save(rotated(1))).resolves.toEqual({ kind: 'superseded' });
  expect(await stored()).toBe('rt-newer');
});

test('overwrites a row that was counted on but still holds the spent token', async () => {
  await working((trx) => pool.store.change(trx, accountId, { token_generation: 7 }));
  await expect(writer(working).writer.save(rotated(1))).resolves.toEqual({ kind: 'stored', generation: 8 });
  expect(await stored()).toBe('rt-1');
});

test('tells when the account is gone', async () => {
  await pool.service.remove(accountId);
  await expect(writer(working).writer.save(rotated(1))).resolves.toEqual({ kind: 'gone' });
});

test('offers what was kept again and again until the database takes it', async () => {
  let attempts = 0;
  let taken: () => void = () => undefined;
  const saved = new Promise<void>((resolve) => {
    taken = resolve;
  });
  const failsTwice: RunTransaction = async (body) => {
    attempts += 1;
    if (attempts <= 2) throw new Error('disk is full');
    const result = await working(body);
    taken();
    return result;
  };
  const { writer: open } = writer(failsTwice, 1);
  open.keep(rotated(1));
  expect(open.unsavedCount()).toBe(1);
  await saved;
  expect(await stored()).toBe('rt-1');
  await open.close();
  expect(open.unsavedCount()).toBe(0);
  expect(attempts).toBe(3);
});

test('what is kept of an account can be asked for at once', async () => {
  const { writer: open } = writer(working);
  open.keep(rotated(1));
  await open.saveKept(accountId);
  expect([await stored(), open.unsavedCount()]).toEqual(['rt-1', 0]);
  await expect(open.saveKept(accountId)).resolves.toBeUndefined();
  await open.close();
});

test('a login that another machine gave up meanwhile is alive again with its new tokens', async () => {
  await working((trx) => pool.store.change(trx, accountId, { status: 'reauth_required', status_reason: 'x' }));
  await writer(working).writer.save(rotated(1));
  expect(await pool.row(accountId)).toMatchObject({ status: 'active', status_reason: null });
});

test('says at the end what is lost', async () => {
  const { writer: open, logger } = writer(() => Promise.reject(new Error('disk is full')));
  open.keep(rotated(1));
  await open.close();
  expect(logger.lines.at(-1)).toEqual({ level: 'error', event: 'rotated_login_lost', facts: { accountId } });
  expect(JSON.stringify(logger.lines)).not.toMatch(/rt-1|at-1/);
});
