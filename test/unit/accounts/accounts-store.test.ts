import fc from 'fast-check';
import { identityKey, matchAccount, type Known } from '../../../sidecar/accounts/account-identity';
import { blankRow, type AccountRow } from '../../../sidecar/accounts/account-row';
import { authJson } from './logins';
import { openPool, type PoolFixture } from './pool-fixture';

let pool: PoolFixture;

beforeEach(async () => {
  pool = await openPool();
});

afterEach(() => pool.close());

const someKnown: fc.Arbitrary<Known> = fc.record({
  email: fc.constantFrom(null, 'ann@x', 'bob@x', 'ANN@x'),
  chatgptAccountId: fc.constantFrom(null, 'personal', 'team'),
  chatgptUserId: fc.constantFrom(null, 'u1', 'u2'),
});

test('related rows are all that a match needs to see', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(someKnown, { maxLength: 8 }), someKnown, async (stored, login) => {
      await pool.database.write.transaction(async (trx) => {
        await trx('accounts').delete();
        const keys = new Set<string>();
        for (const [index, known] of stored.entries()) {
          const id = `id-${index}`;
          const row = {
            ...blankRow(id, 'openai', identityKey('openai', known, id), index),
            email: known.email,
            chatgpt_account_id: known.chatgptAccountId,
            chatgpt_user_id: known.chatgptUserId,
          };
          if (keys.has(row.identity_key)) continue;
          keys.add(row.identity_key);
          await pool.store.insert(trx, row);
        }
        const all = await trx<AccountRow>('accounts').select('*').orderBy(['created_at_ms', 'id']);
        const related = await pool.store.related(trx, 'openai', identityKey('openai', login, ''), login);
        const ids = [all, related].map((rows) => matchAccount('openai', rows, login)?.id);
        expect(ids[1]).toBe(ids[0]);
      });
    }),
    { numRuns: 150 },
  );
});

test('rows of another provider are not related', async () => {
  const known: Known = { email: 'ann@x', chatgptAccountId: 'team', chatgptUserId: 'u1' };
  await pool.database.write.transaction(async (trx) => {
    const row = blankRow('a', 'other', identityKey('other', known, 'a'), 1);
    await pool.store.insert(trx, { ...row, email: 'ann@x', chatgpt_user_id: 'u1' });
    expect(await pool.store.related(trx, 'openai', identityKey('openai', known, ''), known)).toEqual([]);
  });
});

test('the sample for the vault tells the key of every stored token and nothing of its content', async () => {
  expect(await pool.store.sealedSample()).toEqual([]);
  await pool.service.importMany([1, 2, 3].map((serial) => authJson({ email: `p${serial}@x`, serial })));
  await pool.database.write.transaction(async (trx) => {
    await trx('accounts').where('email', 'p3@x').update({ id_token_encrypted: 'plain' });
  });
  expect((await pool.store.sealedSample()).sort()).toEqual(['plain', `tightrope-token:v2:${pool.vault.keyId}:`]);
});

test('a change at a generation happens only while it is the present one', async () => {
  const { account } = await pool.service.importOne({ authJson: authJson({ email: 'ann@x' }) });
  await pool.database.write.transaction(async (trx) => {
    expect(await pool.store.changeAt(trx, account.accountId, 0, { status: 'paused' })).toBe(false);
    expect(await pool.store.changeAt(trx, account.accountId, 1, { status: 'paused' })).toBe(true);
    expect(await pool.store.change(trx, 'nobody', { status: 'paused' })).toBe(false);
    expect(await pool.store.remove(trx, 'nobody')).toBe(false);
  });
});
