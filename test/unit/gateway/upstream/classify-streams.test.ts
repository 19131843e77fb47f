import { NO_ERROR_FACTS, readErrorFacts } from '../../../../sidecar/gateway/protocol/upstream-error';
import { classify, clientStatusOf, type Classification } from '../../../../sidecar/gateway/upstream/classify';

const NOW = 1_790_000_000_000;

/** A failure inside a 200 stream. */
function inStream(event: object): Classification {
  return classify({ status: 200, headers: [], bodyText: '', errorEvent: readErrorFacts(event) }, NOW);
}

const failed = (error: object | null): object => ({ type: 'response.failed', response: { id: 'resp_1', error } });

describe('failures inside a 200 stream', () => {
  it.each(['server_is_overloaded', 'overloaded_error', 'slow_down'])('%s is the upstream’s', (code) => {
    expect(inStream(failed({ code, message: 'busy' }))).toMatchObject({
      blame: 'upstream',
      retry: 'same_account',
      clientStatus: 503,
      code,
    });
  });

  it('a rate limit rests the account as long as its text says', () => {
    expect(inStream(failed({ code: 'rate_limit_exceeded', message: 'try again in 1.3s' }))).toMatchObject({
      blame: 'account',
      retry: 'next_account',
      verdict: { kind: 'limited', untilMs: NOW + 1300 },
      clientStatus: 429,
    });
  });

  it('a usage limit is one, with or without a status of its own', () => {
    const error = { type: 'usage_limit_reached', message: 'm', resets_in_seconds: 60 };
    for (const event of [
      failed(error),
      { type: 'error', status: 429, error },
      { type: 'error', status_code: 429, body: { error } },
    ]) {
      expect(inStream(event)).toMatchObject({
        retry: 'next_account',
        verdict: { kind: 'limited', untilMs: NOW + 60_000 },
      });
    }
  });

  it('a 401 event is a refused login', () => {
    expect(inStream({ type: 'error', status: 401, error: { message: 'm' } })).toMatchObject({
      retry: 'refresh_token',
      clientStatus: 502,
    });
  });

  it('the payload’s faults are final', () => {
    for (const code of ['invalid_prompt', 'context_length_exceeded', 'cyber_policy', 'invalid_request_error']) {
      expect(inStream(failed({ code, message: 'm' }))).toMatchObject({ blame: 'payload', retry: 'none', code });
    }
  });

  it('what is unknown is passed on and tried no more', () => {
    expect(inStream(failed({ code: 'brand_new', message: 'm' }))).toMatchObject({
      blame: 'upstream',
      retry: 'none',
      code: 'brand_new',
      clientStatus: 502,
    });
    expect(inStream(failed(null))).toMatchObject({ blame: 'upstream', retry: 'none', code: 'upstream_error' });
  });

  it('have a status for clients that asked for JSON', () => {
    const status = (event: object): number => clientStatusOf(readErrorFacts(event) ?? NO_ERROR_FACTS);
    expect(status({ type: 'error', status: 500, error: { message: 'm' } })).toBe(500);
    expect(status({ type: 'error', error: { code: 'context_length_exceeded' } })).toBe(400);
    expect(status({ type: 'error', status: 401, error: { code: 'x' } })).toBe(502);
  });
});

describe('failures of the transport', () => {
  it.each([
    ['ECONNREFUSED', 'network', 'upstream_unavailable', 502, 'same_account'],
    ['ENOTFOUND', 'network', 'upstream_unavailable', 502, 'same_account'],
    ['ECONNRESET', 'network', 'upstream_unavailable', 502, 'same_account'],
    ['UND_ERR_SOCKET', 'network', 'upstream_unavailable', 502, 'same_account'],
    ['UND_ERR_CONNECT_TIMEOUT', 'network', 'upstream_request_timeout', 504, 'same_account'],
    ['UND_ERR_HEADERS_TIMEOUT', 'upstream', 'upstream_request_timeout', 504, 'none'],
    ['upstream_request_timeout', 'upstream', 'upstream_request_timeout', 504, 'none'],
    ['stream_incomplete', 'upstream', 'stream_incomplete', 502, 'same_account'],
    ['stream_idle_timeout', 'upstream', 'stream_idle_timeout', 504, 'none'],
    ['upstream_response_too_large', 'upstream', 'upstream_response_too_large', 502, 'none'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network', 'upstream_unavailable', 502, 'none'],
    ['toString', 'network', 'upstream_unavailable', 502, 'same_account'],
  ])('%s: %s, %s, %i, %s', (transportCode, blame, code, clientStatus, retry) => {
    const result = classify({ status: null, headers: [], bodyText: '', transportCode }, NOW);
    expect(result).toMatchObject({ blame, code, clientStatus, retry, verdict: null });
    expect(result.message).toContain(code === transportCode ? '.' : `(${transportCode})`);
  });

  it('name the way out of an untrusted certificate', () => {
    expect(
      classify({ status: null, headers: [], bodyText: '', transportCode: 'CERT_HAS_EXPIRED' }, NOW).message,
    ).toContain('NODE_EXTRA_CA_CERTS');
  });
});
