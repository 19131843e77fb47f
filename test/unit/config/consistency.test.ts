import { load } from './loading';

function messages(env: Readonly<Record<string, string>>): string[] {
  return load({ env }).warnings.map(({ message }) => message);
}

describe('times that do not fit each other', () => {
  it('are no subject of the defaults', () => {
    expect(messages({})).toEqual([]);
  });

  it('start all the same, with a warning that names both and their sources', () => {
    const { config, warnings } = load({ env: { TIGHTROPE_STREAM_IDLE_TIMEOUT_MS: '500' } });
    expect(config.upstream).toMatchObject({ sseKeepaliveMs: 10_000, streamIdleTimeoutMs: 500 });
    expect(warnings.map(({ message }) => message)).toEqual([
      'upstream.sseKeepaliveMs (10000, default) should be below upstream.streamIdleTimeoutMs (500, environment): ' +
        'a silent stream is ended before its first keepalive',
    ]);
  });

  it.each([
    [{ TIGHTROPE_UPSTREAM_CONNECT_TIMEOUT_MS: '130000' }, 'upstream.connectTimeoutMs'],
    [{ TIGHTROPE_USAGE_FETCH_CONNECT_TIMEOUT_MS: '20000' }, 'usage.connectTimeoutMs'],
    [{ TIGHTROPE_STREAM_BUDGET_MS: '200000' }, 'upstream.streamIdleTimeoutMs'],
    [{ TIGHTROPE_WS_LIVENESS_MS: '900' }, 'upstream.bridgePollTimeoutMs'],
    [{ TIGHTROPE_WS_ROTATE_AFTER_MS: '30000' }, 'upstream.wsLivenessMs'],
    [{ TIGHTROPE_TOKEN_REFRESH_SUCCESS_CYCLE_MS: '1000' }, 'tokenRefresh.checkIntervalMs'],
    [{ TIGHTROPE_STICKY_TTL_MS: '1000' }, 'sticky.cleanupIntervalMs'],
  ])('are noticed: %j', (env, key) => {
    expect(load({ env }).warnings.map((warning) => warning.key)).toEqual([key]);
  });

  it('may be equal where that does no harm', () => {
    expect(messages({ TIGHTROPE_UPSTREAM_CONNECT_TIMEOUT_MS: '120000' })).toEqual([]);
    expect(messages({ TIGHTROPE_SSE_KEEPALIVE_MS: '300000' })).toHaveLength(1);
  });
});

describe('an unencrypted upstream', () => {
  it('is a warning unless it is on this machine', () => {
    expect(messages({ TIGHTROPE_UPSTREAM_BASE_URL: 'http://10.0.0.9/x' })).toEqual([
      'upstream.baseUrl is an http:// URL of another machine: account tokens would cross the network unencrypted',
    ]);
    expect(
      messages({ TIGHTROPE_UPSTREAM_BASE_URL: 'http://127.0.0.1:1/x', TIGHTROPE_AUTH_BASE_URL: 'http://localhost:2' }),
    ).toEqual([]);
  });
});
