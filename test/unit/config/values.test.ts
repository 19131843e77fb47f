import { CWD, load } from './loading';

describe('values that are brought into one form', () => {
  it('removes trailing slashes of base URLs', () => {
    const { config } = load({
      env: {
        TIGHTROPE_UPSTREAM_BASE_URL: 'http://127.0.0.1:9/backend-api//',
        TIGHTROPE_AUTH_BASE_URL: 'http://[::1]:9/',
      },
    });
    expect(config.upstream.baseUrl).toBe('http://127.0.0.1:9/backend-api');
    expect(config.oauth.baseUrl).toBe('http://[::1]:9');
  });

  it('adds offline_access to the scopes unless it is one of the words', () => {
    const scopeOf = (given: string) => load({ env: { TIGHTROPE_OAUTH_SCOPE: given } }).config.oauth.scope;
    expect(scopeOf('openid  email')).toBe('openid email offline_access');
    expect(scopeOf('offline_access openid')).toBe('offline_access openid');
    expect(scopeOf('not_offline_access')).toBe('not_offline_access offline_access');
    expect(load({}).config.oauth.scope).toBe('openid profile email offline_access');
  });

  it('reads lists from text and from TOML arrays', () => {
    const env = {
      TIGHTROPE_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7,,fd00::1',
      TIGHTROPE_ALLOWED_HOSTS: 'Box.Lan, b:8080',
    };
    expect(load({ env }).config.admin).toEqual({
      token: null,
      allowedHosts: ['box.lan', 'b:8080'],
      trustedProxies: ['10.0.0.0/8', '192.0.2.7/32', 'fd00::1/128'],
    });
    const { admin } = load({ toml: '[admin]\nallowed_hosts = ["a", "B.example"]\ntrusted_proxies = "::1"\n' }).config;
    expect(admin).toEqual({ token: null, allowedHosts: ['a', 'b.example'], trustedProxies: ['::1/128'] });
  });

  it('accepts an IPv6 address to listen on with and without brackets', () => {
    expect(load({ flags: { host: '[::1]' } }).config.server.host).toBe('::1');
    expect(load({ flags: { host: '::' } }).config.server.host).toBe('::');
  });

  it('takes proxy variables in both cases, lower case first, and adds a missing scheme', () => {
    const { config } = load({
      env: {
        HTTPS_PROXY: 'http://upper:1',
        https_proxy: 'lower:2',
        HTTP_PROXY: 'http://plain:3/',
        NO_PROXY: 'localhost,.lan',
      },
    });
    expect(config.upstream).toMatchObject({
      httpsProxy: 'http://lower:2',
      httpProxy: 'http://plain:3/',
      noProxy: 'localhost,.lan',
    });
  });

  it('makes paths absolute: relative to the working folder, ~ to the home folder', () => {
    const env = { TIGHTROPE_DB_PATH: 'data/t.db', TIGHTROPE_LOG_FILE: '~/t.log' };
    const loaded = load({ env });
    expect(loaded.config.database.path).toBe(`${CWD}/data/t.db`);
    expect(loaded.dataDirectory).toBe(`${CWD}/data`);
    expect(loaded.config.logging.file).toBe('/home/someone/t.log');
    expect(load({ toml: 'db_path = "in-file.db"', env: {} }).config.database.path).toBe(`${CWD}/in-file.db`);
  });

  it('keeps the poll of upstream sockets between 100 ms and the call timeout, also when that is shorter', () => {
    const pollMs = (poll: string, timeout: string) =>
      load({ env: { TIGHTROPE_UPSTREAM_BRIDGE_POLL_TIMEOUT_MS: poll, TIGHTROPE_UPSTREAM_TIMEOUT_MS: timeout } }).config
        .upstream.bridgePollTimeoutMs;
    expect(pollMs('5', '120000')).toBe(100);
    expect(pollMs('5000', '700')).toBe(700);
    expect(pollMs('5', '50')).toBe(50);
    expect(pollMs('250', '120000')).toBe(250);
  });
});
