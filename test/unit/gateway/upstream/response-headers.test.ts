import { clientResponseHeaders } from '../../../../sidecar/gateway/upstream/response-headers';

describe('upstream headers for the client', () => {
  it('are the ones clients read', () => {
    const passed = [
      ['x-codex-turn-state', 'opaque'],
      ['x-codex-safety-buffering', ''],
      ['x-reasoning-included', 'true'],
      ['openai-model', 'gpt-5.5'],
      ['retry-after', '30'],
      ['x-ratelimit-remaining-requests', '9'],
      ['cf-ray', '8f-FRA'],
    ].flat();
    expect(clientResponseHeaders(passed)).toEqual(passed);
  });

  it('are not the ones of the hop, of other cookies, or of another catalogue', () => {
    const dropped = [
      ['x-models-etag', '"abc"'],
      ['set-cookie', '__cf_bm=secret'],
      ['x-request-id', 'upstream'],
      ['content-type', 'text/event-stream'],
      ['content-encoding', 'gzip'],
      ['content-length', '5'],
      ['transfer-encoding', 'chunked'],
      ['connection', 'close'],
      ['server', 'cloudflare'],
      ['date', 'now'],
      ['access-control-allow-origin', '*'],
      ['strict-transport-security', 'max-age=1'],
    ].flat();
    expect(clientResponseHeaders(dropped)).toEqual([]);
  });

  it('are not the limits of one account: the answer carries the pool’s', () => {
    const dropped = [
      ['x-codex-plan-type', 'pro'],
      ['X-Codex-Active-Limit', 'codex'],
      ['x-codex-primary-used-percent', '22'],
      ['x-codex-secondary-reset-at', ''],
      ['x-codex-primary-over-secondary-limit-percent', '0'],
      ['x-codex-credits-unlimited', 'False'],
      ['x-codex-bengalfox-primary-used-percent', '1'],
      ['x-codex-bengalfox-limit-name', 'gpt-5.3-codex-spark'],
      ['x-codex-rate-limit-reached-type', 'rate_limit_reached'],
    ].flat();
    expect(clientResponseHeaders(dropped)).toEqual([]);
  });

  it('have lower-case names and trimmed, writable values', () => {
    expect(
      clientResponseHeaders(['X-Codex-Turn-State', ' pro ', 'Retry-After', 'a\r\nb', 'x-codex-\u0001', 'v']),
    ).toEqual(['x-codex-turn-state', 'pro']);
  });

  it('name the model by either header', () => {
    expect(clientResponseHeaders(['X-OpenAI-Model', 'a'])).toEqual(['openai-model', 'a']);
    expect(clientResponseHeaders(['x-openai-model', 'a', 'openai-model', 'b'])).toEqual(['openai-model', 'b']);
  });
});
