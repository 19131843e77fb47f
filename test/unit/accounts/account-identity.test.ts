import fc from 'fast-check';
import {
  identityKey,
  matchAccount,
  mergeIdentity,
  type IdentityColumns,
  type Known,
} from '../../../sidecar/accounts/account-identity';

const PROVIDER = 'openai';

function row(id: string, known: Partial<Known>): IdentityColumns {
  const whole: Known = { email: null, chatgptAccountId: null, chatgptUserId: null, ...known };
  return {
    id,
    email: whole.email,
    chatgpt_account_id: whole.chatgptAccountId,
    chatgpt_user_id: whole.chatgptUserId,
    identity_key: identityKey(PROVIDER, whole, id),
  };
}

const known = (part: Partial<Known>): Known => ({ email: null, chatgptAccountId: null, chatgptUserId: null, ...part });
const match = (rows: IdentityColumns[], part: Partial<Known>): string | null =>
  matchAccount(PROVIDER, rows, known(part))?.id ?? null;

test('two seats of one workspace are two accounts', () => {
  const rows = [row('1', { chatgptAccountId: 'team', chatgptUserId: 'ann', email: 'ann@x' })];
  expect(match(rows, { chatgptAccountId: 'team', chatgptUserId: 'bob', email: 'bob@x' })).toBeNull();
  expect(match(rows, { chatgptAccountId: 'team', chatgptUserId: 'bob', email: 'ann@x' })).toBeNull();
});

test('one e-mail with two workspaces is two accounts', () => {
  const rows = [row('1', { chatgptAccountId: 'personal', chatgptUserId: 'ann', email: 'ann@x' })];
  expect(match(rows, { chatgptAccountId: 'team', chatgptUserId: 'ann', email: 'ann@x' })).toBeNull();
});

test('the same workspace and person is the same account, whatever else changed', () => {
  const rows = [row('1', { chatgptAccountId: 'team', chatgptUserId: 'ann', email: 'old@x' })];
  expect(match(rows, { chatgptAccountId: 'team', chatgptUserId: 'ann', email: 'new@x' })).toBe('1');
  expect(match(rows, { chatgptAccountId: 'team', chatgptUserId: 'ann' })).toBe('1');
});

test('workspace and e-mail do where one side does not know the user id', () => {
  expect(
    match([row('1', { chatgptAccountId: 'team', email: 'Ann@x' })], {
      chatgptAccountId: 'team',
      chatgptUserId: 'ann',
      email: 'ann@x',
    }),
  ).toBe('1');
  expect(
    match([row('1', { chatgptAccountId: 'team', chatgptUserId: 'ann', email: 'ann@x' })], {
      chatgptAccountId: 'team',
      email: 'ann@X',
    }),
  ).toBe('1');
});

test('e-mail alone finds only a row without a workspace', () => {
  const legacy = row('1', { email: 'ann@x' });
  expect(match([legacy], { chatgptAccountId: 'team', chatgptUserId: 'ann', email: 'ann@x' })).toBe('1');
  const other = row('2', { chatgptAccountId: 'personal', email: 'ann@x' });
  expect(match([other], { chatgptAccountId: 'team', email: 'ann@x' })).toBeNull();
});

test('an ambiguous login belongs to nobody', () => {
  const rows = [
    row('1', { chatgptAccountId: 'team', chatgptUserId: 'u1', email: 'shared@x' }),
    row('2', { chatgptAccountId: 'team', chatgptUserId: 'u2', email: 'shared@x' }),
  ];
  expect(match(rows, { chatgptAccountId: 'team', email: 'shared@x' })).toBeNull();
});

test('logins without any name are told apart by their workspace only', () => {
  const rows = [row('1', { chatgptAccountId: 'team' }), row('2', {})];
  expect(match(rows, { chatgptAccountId: 'team' })).toBe('1');
  expect(match(rows, {})).toBeNull();
});

const someKnown = fc.record({
  email: fc.constantFrom(null, 'ann@x', 'bob@x', 'ANN@x'),
  chatgptAccountId: fc.constantFrom(null, 'personal', 'team'),
  chatgptUserId: fc.constantFrom(null, 'u1', 'u2'),
});

/** Imports one identity after the other, as the service does. */
function pool(logins: Known[]): IdentityColumns[] {
  const rows: IdentityColumns[] = [];
  logins.forEach((login, index) => {
    const found = matchAccount(PROVIDER, rows, login);
    if (found === null) rows.push(row(`id-${index}`, login));
    else rows.splice(rows.indexOf(found), 1, row(found.id, mergeIdentity(found, login)));
  });
  return rows;
}

test('no order of imports ever breaks the unique key', () => {
  fc.assert(
    fc.property(fc.array(someKnown, { maxLength: 12 }), (logins) => {
      const keys = pool(logins).map((one) => one.identity_key);
      expect(new Set(keys).size).toBe(keys.length);
    }),
  );
});

test('no order of imports ever merges two persons or two workspaces, and every pair stays', () => {
  const whole = fc.record({
    email: fc.constantFrom('ann@x', 'bob@x'),
    chatgptAccountId: fc.constantFrom('personal', 'team'),
    chatgptUserId: fc.constantFrom('u1', 'u2'),
  });
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 12 }), (logins) => {
      const pairs = (ones: (string | null)[][]): string[] => [...new Set(ones.map((one) => one.join('|')))].sort();
      expect(pairs(pool(logins).map((one) => [one.chatgpt_account_id, one.chatgpt_user_id]))).toEqual(
        pairs(logins.map((one) => [one.chatgptAccountId, one.chatgptUserId])),
      );
    }),
  );
});

test('a merge keeps what was known', () => {
  fc.assert(
    fc.property(someKnown, someKnown, (stored, given) => {
      const merged = mergeIdentity(row('1', stored), given);
      expect(merged.email).toBe(given.email ?? stored.email);
      expect(merged.chatgptAccountId).toBe(given.chatgptAccountId ?? stored.chatgptAccountId);
      expect(merged.chatgptUserId).toBe(given.chatgptUserId ?? stored.chatgptUserId);
    }),
  );
});
