import { readTerminal, type Terminal } from '../../../../sidecar/gateway/relay/usage';

function read(data: unknown): Terminal {
  const text = `event: x\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
  const bytes = Buffer.from(`before${text}after`);
  return readTerminal(bytes, 6, 6 + Buffer.byteLength(text));
}

describe('the terminal event', () => {
  it('gives usage, tier and model of a completed response', () => {
    const usage = {
      input_tokens: 120,
      input_tokens_details: { cached_tokens: 100 },
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 12 },
      total_tokens: 150,
    };
    const response = { id: 'resp_1', model: 'gpt-5.5', service_tier: 'default', usage };
    expect(read({ type: 'response.completed', response })).toEqual({
      kind: 'completed',
      responseId: 'resp_1',
      model: 'gpt-5.5',
      serviceTier: 'default',
      usage: { input: 120, cached: 100, output: 30, reasoning: 12, total: 150 },
      error: null,
    });
  });

  it('keeps apart what is zero and what is not said', () => {
    const usage = { input_tokens: 0, output_tokens: '3', total_tokens: -1 };
    expect(read({ type: 'response.incomplete', response: { usage } })).toMatchObject({
      kind: 'incomplete',
      usage: { input: 0, cached: null, output: null, reasoning: null, total: null },
    });
    expect(read({ type: 'response.completed', response: { usage: null } }).usage).toBeNull();
    expect(read({ type: 'response.completed' }).usage).toBeNull();
  });

  it('gives the error of a failed response', () => {
    const response = {
      id: 'resp_1',
      status: 'failed',
      error: { code: 'rate_limit_exceeded', message: 'try again in 1.3s' },
    };
    expect(read({ type: 'response.failed', response })).toMatchObject({
      kind: 'failed',
      responseId: 'resp_1',
      error: { code: 'rate_limit_exceeded', message: 'try again in 1.3s' },
    });
  });

  it('gives the error of an error event in each of its shapes', () => {
    const error = { type: 'usage_limit_reached', message: 'm', resets_at: 1_790_000_000 };
    const facts = { kind: 'error', error: { code: 'usage_limit_reached', status: 429, resetsAtMs: 1_790_000_000_000 } };
    expect(read({ type: 'error', status: 429, error })).toMatchObject(facts);
    expect(read({ type: 'error', status_code: 429, body: { error } })).toMatchObject(facts);
    expect(read({ type: 'error', code: 'x', message: 'm' })).toMatchObject({
      kind: 'error',
      error: { code: 'x', type: null },
    });
  });

  it('goes by the response when its type is unknown', () => {
    expect(read({ response: { status: 'completed' } }).kind).toBe('completed');
    expect(read({ type: 'response.done', response: { status: 'failed', error: { code: 'x' } } })).toMatchObject({
      kind: 'failed',
      error: { code: 'x' },
    });
  });

  it('has no kind of its own for names every object has', () => {
    expect(read({ type: 'constructor' }).kind).toBe('error');
  });

  it.each(['{"type":"response.completed"', 'text', '', '[1]', 'null'])('is an error when it is %j', (data) => {
    expect(read(data).kind).toBe('error');
  });
});
