import { ResponseCollector } from '../../../../sidecar/gateway/relay/collector';
import { refusalOf } from '../refusal-of';

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const item = (index: number, text: string, type = 'response.output_item.done'): string =>
  event(type, { output_index: index, item: { type: 'message', text } });

function collect(...events: string[]): ReturnType<ResponseCollector['finish']> {
  const collector = new ResponseCollector();
  for (const one of events) collector.push(Buffer.from(one));
  return collector.finish();
}

function answer(...events: string[]): Record<string, unknown> {
  return JSON.parse(collect(...events).body.toString()) as Record<string, unknown>;
}

describe('a JSON answer out of events', () => {
  it('is the response of the terminal event, byte for byte', () => {
    const response = '{ "id":"resp_1", "status":"completed", "output":[ {"x":1.50} ], "usage":{"input_tokens":3} }';
    const { status, body, terminal } = collect(
      event('response.created', { response: {} }),
      `event: response.completed\ndata: {"type":"response.completed","response":${response}}\n\n`,
    );
    expect(status).toBe(200);
    expect(body.toString()).toBe(response);
    expect(terminal).toMatchObject({ kind: 'completed', responseId: 'resp_1', usage: { input: 3 } });
  });

  it.each([{ output: [] }, {}, { output: null }])('gets its output from the items when it has none: %j', (fields) => {
    const done = event('response.completed', { response: { id: 'resp_1', ...fields } });
    const body = answer(
      item(1, 'second'),
      item(0, 'first draft', 'response.output_item.added'),
      item(0, 'first'),
      done,
    );
    expect(body).toEqual({
      id: 'resp_1',
      output: [
        { type: 'message', text: 'first' },
        { type: 'message', text: 'second' },
      ],
    });
  });

  it('keeps the output of the terminal event when there is one', () => {
    expect(answer(item(0, 'streamed'), event('response.completed', { response: { output: [1] } }))).toEqual({
      output: [1],
    });
  });

  it.each(['failed', 'incomplete'])('is 200 with the object of response.%s', (status) => {
    const result = collect(event(`response.${status}`, { response: { status, error: { code: 'x' } } }));
    expect(result.status).toBe(200);
    expect(result.terminal.kind).toBe(status);
    expect(result.body.toString()).toBe(`{"status":"${status}","error":{"code":"x"}}`);
  });

  it('belongs to the first terminal event', () => {
    const first = event('response.completed', { response: { id: 'a' } });
    expect(answer(first + event('response.failed', { response: { id: 'b' } }))).toEqual({ id: 'a' });
  });

  it.each([
    [{ status: 429, error: { code: 'rate_limit_exceeded', message: 'slow' } }, 429, 'rate_limit_exceeded'],
    [{ error: { type: 'usage_limit_reached', message: 'limit' } }, 429, 'usage_limit_reached'],
    [{ status: 401, error: { code: 'token_invalidated', message: 'no' } }, 502, 'token_invalidated'],
    [{ code: 'context_length_exceeded', message: 'long' }, 400, 'context_length_exceeded'],
    [{ error: { code: 'server_is_overloaded', message: 'busy' } }, 503, 'server_is_overloaded'],
    [{ status: 500, error: { message: 'broken' } }, 500, undefined],
  ])('of an error event is an error with its status: %j', (fields, status, code) => {
    const error = refusalOf(() => collect(event('error', fields)));
    expect(error.status).toBe(status);
    expect(error.details?.['code']).toBe(code);
  });

  it.each([
    ['nothing', ''],
    ['no terminal event', event('response.created', { response: {} })],
    ['a terminal event without a response', event('response.completed', {})],
    ['a response that is no object', event('response.completed', { response: [] })],
    ['broken JSON', 'event: response.completed\ndata: {"response":{\n\n'],
    ['a broken item', 'event: response.output_item.done\ndata: {"item":\n\n'],
  ])('of %s is an upstream error', (_what, events) => {
    expect(refusalOf(() => collect(events)).status).toBe(502);
  });

  it('is bounded', () => {
    const collector = new ResponseCollector(10_000);
    const big = Buffer.from(item(0, 'x'.repeat(3000)));
    const error = refusalOf(() => {
      for (let i = 0; i < 5; i++) collector.push(big);
    });
    expect(error.code).toBe('upstream_response_too_large');
  });
});
