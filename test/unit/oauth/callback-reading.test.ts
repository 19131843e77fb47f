import fc from 'fast-check';
import { callbackAddress } from '../../../sidecar/oauth/callback-address';
import { callbackPage, escapeHtml } from '../../../sidecar/oauth/callback-page';
import { readCallbackQuery } from '../../../sidecar/oauth/callback-query';

const NOTHING = { code: null, state: null, error: null, errorDescription: null };

test.each([
  ['http://localhost:1455/auth/callback?code=a%2Bb+c&state=s', { code: 'a+b c', state: 's' }],
  ['tightrope://oauth/callback?code=x&state=y#_=_', { code: 'x', state: 'y' }],
  ['  code=x&state=y ', { code: 'x', state: 'y' }],
  ['/auth/callback?code=1&code=2&state=s', { code: '1', state: 's' }],
  ['?error=access_denied&error_description=no%21', { error: 'access_denied', errorDescription: 'no!' }],
  ['http://localhost:1455/auth/callback', {}],
  ['?code=&state=', {}],
])('%s', (text, wanted) => {
  expect(readCallbackQuery(text)).toEqual({ ...NOTHING, ...wanted });
});

test('whatever the message holds, the page has no tag of its', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeHtml(text)).not.toMatch(/[<>"']/);
    }),
  );
  expect(callbackPage({ ok: false, message: '<img src=x onerror=alert(1)>' })).not.toContain('<img');
});

test.each([
  ['http://localhost:1455/auth/callback', ['127.0.0.1', '::1'], [1455, 1457]],
  ['http://127.0.0.1:9000/cb', ['127.0.0.1'], [9000]],
  ['http://[::1]:0/cb', ['::1'], [0]],
])('%s is awaited on %j, ports %j', (redirectUri, hosts, ports) => {
  const address = callbackAddress(redirectUri);
  expect(address).toMatchObject({ hosts, ports });
  expect(address?.redirectUri(ports[0] ?? 0)).toBe(redirectUri);
  expect(new URL(address?.redirectUri(1457) ?? '').port).toBe('1457');
});

test.each(['https://localhost:1455/auth/callback', 'http://tightrope.example/auth/callback'])(
  '%s is not awaited here',
  (redirectUri) => {
    expect(callbackAddress(redirectUri)).toBeNull();
  },
);
