import { readProviderError } from '../../../sidecar/oauth/provider-error';

test.each([
  [{ error: 'invalid_grant', error_description: 'Expired.' }, 'invalid_grant', 'Expired.'],
  [{ error: { code: 'refresh_token_reused', message: 'Used.' } }, 'refresh_token_reused', 'Used.'],
  [{ error: { error: 'account_suspended', error_description: 'Closed.' } }, 'account_suspended', 'Closed.'],
  [{ error_code: 'temporarily_unavailable', message: 'Later.' }, 'temporarily_unavailable', 'Later.'],
  [{ code: 'server_error' }, 'server_error', 'The token endpoint answered HTTP 400.'],
  [{ error: 'invalid_client' }, 'invalid_client', 'invalid_client'],
  [{ error: 'something went wrong, sorry' }, 'http_400', 'something went wrong, sorry'],
  [{ error: 7, message: '  ' }, 'http_400', 'The token endpoint answered HTTP 400.'],
  [undefined, 'http_400', 'The token endpoint answered HTTP 400.'],
  ['text', 'http_400', 'The token endpoint answered HTTP 400.'],
])('reads %j', (body, code, message) => {
  expect(readProviderError(body, 400)).toEqual({ code, message });
});

test('hides tokens and cuts long messages', () => {
  const token = `eyJhbGciOiJub25lIn0.${'a'.repeat(60)}.${'b'.repeat(60)}`;
  expect(readProviderError({ message: `Token ${token} is bad` }, 400).message).not.toContain('aaaa');
  expect(readProviderError({ message: 'x'.repeat(5000) }, 400).message.length).toBeLessThanOrEqual(300);
});
