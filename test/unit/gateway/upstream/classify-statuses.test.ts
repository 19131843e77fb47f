import { classify, type Classification, type UpstreamFailure } from '../../../../sidecar/gateway/upstream/classify';

const NOW = 1_790_000_000_000;

function judged(status: number, body: unknown = '', extra: Partial<UpstreamFailure> = {}): Classification {
  const bodyText = typeof body === 'string' ? body : JSON.stringify(body);
  return classify({ status, headers: [], bodyText, ...extra }, NOW);
}

const error = (code: string | null, message = 'm', type: string | null = null): object => ({
  error: { code, message, type },
});

describe('limits', () => {
  it('by usage: the account rests until its reset, another one serves, the client learns when', () => {
    const body = {
      error: {
        type: 'usage_limit_reached',
        message: 'limit',
        plan_type: 'plus',
        resets_at: NOW / 1000 + 3600,
        resets_in_seconds: 9,
      },
    };
    expect(judged(429, body)).toEqual({
      blame: 'account',
      code: 'usage_limit_reached',
      type: 'usage_limit_reached',
      message: 'limit',
      param: null,
      retry: 'next_account',
      verdict: { kind: 'limited', code: 'usage_limit_reached', message: 'limit', untilMs: NOW + 3_600_000 },
      clientStatus: 429,
      clientBody: { plan_type: 'plus', resets_at: NOW / 1000 + 3600, resets_in_seconds: 3600 },
      retryAfterMs: 3_600_000,
      facts: {
        code: 'usage_limit_reached',
        message: 'limit',
        type: 'usage_limit_reached',
        param: null,
        status: null,
        planType: 'plus',
        resetsAtMs: NOW + 3_600_000,
        resetsInMs: 9000,
      },
    });
  });

  it.each([
    [429, '', {}, 'limited', 60_000],
    [429, '', { headers: ['Retry-After', '7'] }, 'limited', 7000],
    [429, error('rate_limit_exceeded', 'Please try again in 2m.'), {}, 'limited', 120_000],
    [429, error('weird', 'm', 'invalid_request_error'), {}, 'limited', 60_000],
    [429, error('usage_limit_reached'), {}, 'limited', 300_000],
    [403, error('usage_not_included'), {}, 'quota_blocked', 3_600_000],
    [429, error('insufficient_quota'), {}, 'quota_blocked', 3_600_000],
    [402, '', {}, 'quota_blocked', 3_600_000],
    [400, error('billing_hard_limit_reached'), {}, 'quota_blocked', 3_600_000],
  ])('%i %j %j: %s for %i ms', (status, body, extra, kind, restMs) => {
    const result = judged(status, body, extra);
    expect(result).toMatchObject({ blame: 'account', retry: 'next_account', clientStatus: 429 });
    expect(result.verdict).toMatchObject({ kind, untilMs: NOW + restMs });
  });

  it('are not seen in header names or in a text that mentions them', () => {
    const headers = ['x-codex-credits-balance', '0', 'x-codex-primary-used-percent', '100', 'x-billing', 'quota'];
    const text = 'Your quota, credits and billing hard limit: rate limit, usage limit';
    expect(judged(400, error(null, text), { headers })).toMatchObject({ blame: 'payload', verdict: null });
    expect(judged(500, text, { headers })).toMatchObject({ blame: 'upstream', verdict: null });
  });
});

describe('logins', () => {
  it.each([
    [401, ''],
    [401, error('token_invalidated')],
    [401, error('token_revoked')],
    [401, error('invalid_api_key', 'm', 'invalid_request_error')],
    [401, '<html><body>401</body></html>'],
  ])('a %i %j asks for one fresh token, and for a new login after that', (status, body) => {
    const first = judged(status, body);
    expect(first).toMatchObject({
      blame: 'account',
      retry: 'refresh_token',
      verdict: null,
      clientStatus: 502,
      type: 'server_error',
    });
    const second = judged(status, body, { tokenWasReplaced: true });
    expect(second).toMatchObject({
      retry: 'next_account',
      verdict: { kind: 'reauth_required', untilMs: null },
      clientStatus: 502,
    });
  });

  it.each([
    [401, error(null, 'This account has been deactivated.')],
    [401, error('account_deactivated')],
    [403, error('account_suspended')],
    [402, { detail: { code: 'deactivated_workspace' } }],
  ])('a %i %j means the account is gone', (status, body) => {
    expect(judged(status, body)).toMatchObject({
      retry: 'next_account',
      verdict: { kind: 'deactivated' },
      clientStatus: 502,
    });
  });

  it('a 403 is for one account, a page of a gateway for all', () => {
    expect(judged(403, { detail: 'Codex is switched off' })).toMatchObject({
      blame: 'account',
      retry: 'next_account',
      verdict: null,
      clientStatus: 403,
      message: 'Codex is switched off',
    });
    expect(judged(403, '<!DOCTYPE html><title>Just a moment</title>')).toMatchObject({
      blame: 'upstream',
      retry: 'none',
      clientStatus: 502,
      message: 'The upstream answered with status 403 and a web page.',
    });
  });
});

describe('requests', () => {
  it.each([
    [400, { detail: 'Unsupported parameter: seed' }, 400, 'invalid_request_error', 'Unsupported parameter: seed'],
    [413, '', 413, 'invalid_request_error', 'The upstream answered with status 413 and no explanation.'],
    [422, { detail: [{ msg: 'x' }] }, 422, 'invalid_request_error', '[{"msg":"x"}]'],
    [
      400,
      error('context_length_exceeded', 'too long', 'invalid_request_error'),
      400,
      'context_length_exceeded',
      'too long',
    ],
    [403, error('cyber_policy', 'no'), 403, 'cyber_policy', 'no'],
  ])('a %i %j is the payload’s fault and never tried again', (status, body, clientStatus, code, message) => {
    expect(judged(status, body)).toMatchObject({
      blame: 'payload',
      retry: 'none',
      verdict: null,
      clientStatus,
      code,
      message,
    });
  });

  it('keeps the parameter upstream names', () => {
    expect(judged(400, { error: { code: 'unsupported_value', param: 'reasoning.effort', message: 'm' } }).param).toBe(
      'reasoning.effort',
    );
  });

  it.each([
    [400, error('previous_response_not_found')],
    [404, error('previous_response_not_found')],
    [400, error(null, 'Invalid `previous_response_id`.', 'invalid_request_error')],
  ])('a lost anchor has the one code clients heal from: %i %j', (status, body) => {
    expect(judged(status, body)).toMatchObject({
      retry: 'none',
      clientStatus: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    });
  });

  it('a model the account lacks may be served by another account', () => {
    const sentence = "The 'gpt-9' model is not supported when using Codex with a ChatGPT account.";
    expect(judged(400, { detail: sentence })).toMatchObject({
      blame: 'model',
      retry: 'next_account',
      verdict: null,
      clientStatus: 400,
      message: sentence,
    });
    expect(judged(404, error('model_not_found'))).toMatchObject({ blame: 'model', clientStatus: 404 });
  });

  it('an unknown route is nobody’s fault', () => {
    expect(judged(404, { detail: 'Not Found' })).toMatchObject({ blame: 'upstream', retry: 'none', clientStatus: 404 });
  });
});

describe('the upstream itself', () => {
  it.each([
    [500, error('server_error'), 500, 'server_error'],
    [502, '<html>Bad gateway</html>', 502, 'upstream_error'],
    [503, error('server_is_overloaded'), 503, 'server_is_overloaded'],
    [529, '', 529, 'server_is_overloaded'],
    [429, error('slow_down'), 503, 'slow_down'],
    [400, error(null, 'Selected model is at capacity. Please try a different model.'), 503, 'server_is_overloaded'],
    [408, '', 502, 'upstream_error'],
    [302, '', 502, 'upstream_error'],
  ])('a %i %j touches no account', (status, body, clientStatus, code) => {
    const result = judged(status, body);
    expect(result).toMatchObject({ blame: 'upstream', verdict: null, clientStatus, code });
    expect(result.retry).toBe(status === 302 ? 'none' : 'same_account');
  });

  it('never hands on a page, and cuts long words', () => {
    expect(judged(502, '<html>secret</html>').message).not.toContain('secret');
    expect(judged(400, 'x'.repeat(10_000)).message).toHaveLength(2000);
  });
});
