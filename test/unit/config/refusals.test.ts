import { refusalOf } from './loading';

describe('values without which starting would be unsafe', () => {
  it.each([
    ['TIGHTROPE_PORT', '70000', 'a whole number from 0 to 65535; it is a number outside of that'],
    ['TIGHTROPE_PORT', '80x', 'a whole number from 0 to 65535; it is text'],
    ['TIGHTROPE_PORT', '-1', 'a whole number from 0 to 65535; it is a number outside of that'],
    ['TIGHTROPE_HOST', 'http://x', 'an IP address or a host name, without scheme and port; it is text'],
    ['TIGHTROPE_HOST', 'localhost:80', 'an IP address or a host name, without scheme and port; it is text'],
    ['TIGHTROPE_HOST', '127.0.0.300', 'an IP address or a host name, without scheme and port; it is text'],
    ['TIGHTROPE_DB_PATH', '  ', 'the path of a file or folder; it is empty text'],
    ['TIGHTROPE_ADMIN_TOKEN', 'too-short', 'at least 16 visible ASCII characters without spaces; it is text'],
    [
      'TIGHTROPE_ADMIN_TOKEN',
      'long enough but spaced',
      'at least 16 visible ASCII characters without spaces; it is text',
    ],
    [
      'TIGHTROPE_TRUSTED_PROXIES',
      '10.0.0.0/33',
      'a list of IP addresses or CIDR networks such as 10.0.0.0/8; it is text',
    ],
    ['TIGHTROPE_TRUSTED_PROXIES', '::1,box', 'a list of IP addresses or CIDR networks such as 10.0.0.0/8; it is text'],
    ['TIGHTROPE_TOKEN_ENCRYPTION_KEY_HEX', 'abc', 'exactly 64 hex digits (32 bytes); it is text'],
    [
      'TIGHTROPE_UPSTREAM_BASE_URL',
      'chatgpt.com',
      'an http:// or https:// URL without user name, query and fragment; it is text',
    ],
    [
      'TIGHTROPE_AUTH_BASE_URL',
      'https://me:secret@auth.example',
      'an http:// or https:// URL without user name, query and fragment; it is text',
    ],
    ['https_proxy', 'socks5://p:1', 'the http:// or https:// URL of a proxy, or its host:port; it is text'],
    ['HTTP_PROXY', 'http://p:1/path', 'the http:// or https:// URL of a proxy, or its host:port; it is text'],
  ])('refuses %s=%j', (name, value, rule) => {
    expect(refusalOf({ env: { [name]: value } })).toEqual([`${name} must be ${rule}`]);
  });

  it('names file, line and column of a bad value in the file', () => {
    const toml = '# mine\n\n[server]\n  port = "many" # no\nhost = 5\n';
    expect(refusalOf({ toml })).toEqual([
      'FILE:5:1: server.host must be an IP address or a host name, without scheme and port; it is a whole number',
      'FILE:4:3: server.port must be a whole number from 0 to 65535; it is text',
    ]);
  });

  it('names the option of the command line', () => {
    expect(refusalOf({ flags: { port: 'x' } })).toEqual(['--port must be a whole number from 0 to 65535; it is text']);
    expect(refusalOf({ flags: { db: '' } })).toEqual(['--db must be the path of a file or folder; it is empty text']);
    expect(refusalOf({ flags: { config: '' } })).toEqual(['--config must name a file; it is empty']);
  });

  it('lists all of them at once', () => {
    expect(refusalOf({ env: { TIGHTROPE_PORT: 'x' }, flags: { host: 'a b' } })).toHaveLength(2);
  });
});
