import fc from 'fast-check';
import { readIdentity, readTokenLife } from '../../../sidecar/accounts/identity-claims';
import { accessToken, idToken, jwt } from './logins';

const AUTH = 'https://api.openai.com/auth';
const PROFILE = 'https://api.openai.com/profile';
const read = (
  id: Record<string, unknown> | null,
  access: Record<string, unknown> = {},
  accountIdHint: string | null = null,
) => readIdentity({ idToken: id === null ? null : jwt(id), accessToken: jwt(access), accountIdHint });

test('reads what the provider puts under its two URLs', () => {
  const claims = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-1', planType: 'team' };
  const wanted = { email: 'ann@example.com', chatgptAccountId: 'acc-1', chatgptUserId: 'user-1', planType: 'team' };
  expect(readIdentity({ idToken: idToken(claims), accessToken: 'opaque', accountIdHint: null })).toEqual(wanted);
  expect(readIdentity({ idToken: null, accessToken: accessToken(claims), accountIdHint: null })).toEqual(wanted);
});

test.each([
  [{ email: 'top@x', [PROFILE]: { email: 'profile@x' } }, {}, 'email', 'top@x'],
  [{ [PROFILE]: { email: 'profile@x' } }, { email: 'access@x' }, 'email', 'profile@x'],
  [{}, { [PROFILE]: { email: 'access@x' } }, 'email', 'access@x'],
  [{ chatgpt_account_id: 'top', [AUTH]: { chatgpt_account_id: 'nested' } }, {}, 'chatgptAccountId', 'top'],
  [{}, { [AUTH]: { chatgpt_account_id: 'access' } }, 'chatgptAccountId', 'access'],
  [{ chatgpt_plan_type: 'plus', [AUTH]: { chatgpt_plan_type: 'pro' } }, {}, 'planType', 'plus'],
  [{ sub: 's', [AUTH]: { user_id: 'u', chatgpt_user_id: 'c' } }, {}, 'chatgptUserId', 'c'],
  [{ sub: 's', [AUTH]: { user_id: 'u' } }, {}, 'chatgptUserId', 'u'],
  [{ sub: 's' }, { [AUTH]: { chatgpt_user_id: 'c' } }, 'chatgptUserId', 'c'],
  [{ sub: 's' }, {}, 'chatgptUserId', 's'],
] as const)('prefers the claims in the documented order: %j %j', (id, access, field, wanted) => {
  expect(read(id, access)[field]).toBe(wanted);
});

test('the account id of the file wins over the claims', () => {
  expect(read({ chatgpt_account_id: 'claim' }, {}, 'file').chatgptAccountId).toBe('file');
});

test.each([7, null, '', '  ', 'a\u0000b', 'x'.repeat(321), { email: 'x' }, ['x']])(
  'a claim that is no short printable text is absent: %j',
  (email) => {
    expect(read({ email }).email).toBeNull();
  },
);

test('an account id that would break a header is absent', () => {
  expect(read({ chatgpt_account_id: 'a b' }).chatgptAccountId).toBeNull();
});

test('never throws, whatever the tokens are', () => {
  const nobody = { email: null, chatgptAccountId: null, chatgptUserId: null, planType: null };
  const token = fc.oneof(
    fc.string(),
    fc.tuple(fc.string(), fc.base64String(), fc.string()).map((parts) => parts.join('.')),
  );
  fc.assert(
    fc.property(token, token, (id, access) => {
      expect(Object.keys(readIdentity({ idToken: id, accessToken: access, accountIdHint: null }))).toEqual(
        Object.keys(nobody),
      );
      readTokenLife(access);
    }),
  );
  for (const payload of ['null', '[]', '"x"', '{', '']) {
    const broken = `h.${Buffer.from(payload).toString('base64url')}.s`;
    expect(readIdentity({ idToken: broken, accessToken: broken, accountIdHint: null })).toEqual(nobody);
  }
  const huge = jwt({ email: 'a@b', filler: 'x'.repeat(70_000) });
  expect(readIdentity({ idToken: huge, accessToken: '', accountIdHint: null })).toEqual(nobody);
});

test('gives the life of an access token in milliseconds', () => {
  expect(readTokenLife(jwt({ iat: 1_700_000_000, exp: 1_700_003_600.5 }))).toEqual({
    issuedAtMs: 1_700_000_000_000,
    expiresAtMs: 1_700_003_600_500,
  });
  for (const exp of ['1700000000', -5, 0, 1e300, null]) {
    expect(readTokenLife(jwt({ exp }))).toEqual({ issuedAtMs: null, expiresAtMs: null });
  }
  expect(readTokenLife('opaque')).toEqual({ issuedAtMs: null, expiresAtMs: null });
});
