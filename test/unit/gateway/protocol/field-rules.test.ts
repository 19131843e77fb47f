import fc from 'fast-check';
import { prepareResponsesBody, type RouteFlavour } from '../../../../sidecar/gateway/protocol/responses-rules';

const valid = { model: 'gpt-5.5', input: [], stream: true, store: false };

function prepared(
  fields: object,
  flavour: RouteFlavour = 'v1',
): { rules: readonly string[]; body: Record<string, unknown> } {
  const { rules, body } = prepareResponsesBody(Buffer.from(JSON.stringify({ ...valid, ...fields })), flavour);
  return { rules, body: JSON.parse(body.toString()) as Record<string, unknown> };
}

describe('rules about fields', () => {
  it('set store and stream to what upstream insists on, present or not', () => {
    const { body, rules } = prepareResponsesBody(Buffer.from('{"model":"m","input":[],"stream":false}'), 'codex');
    expect(body.toString()).toBe('{"model":"m","input":[],"stream":true,"store":false}');
    expect(rules).toEqual(['store_false', 'stream_true']);
  });

  it.each([
    [true, 'sse'],
    [false, 'json'],
    [null, undefined],
    [undefined, undefined],
  ])('remember what the client wished: stream %j', (stream, wish) => {
    const body = Buffer.from(JSON.stringify({ ...valid, stream }));
    expect(prepareResponsesBody(body, 'v1').stream).toBe(wish);
  });

  it('strip the parameters upstream refuses', () => {
    const fields = {
      temperature: 1,
      top_p: 1,
      metadata: {},
      user: 'u',
      truncation: 'auto',
      max_output_tokens: 5,
      generate: false,
    };
    const { rules, body } = prepared(fields, 'codex');
    expect(rules).toEqual(['unsupported_parameters']);
    expect(body).toEqual(valid);
  });

  it('remove optional fields that are null', () => {
    const { rules, body } = prepared(
      { tools: null, include: null, reasoning: null, previous_response_id: null },
      'codex',
    );
    expect(rules).toEqual(['null_fields']);
    expect(body).toEqual(valid);
  });

  it.each([
    ['', undefined],
    ['  ', undefined],
    [' resp_1\n', 'resp_1'],
  ])('trim previous_response_id %j', (sent, upstream) => {
    const { rules, body } = prepared({ previous_response_id: sent });
    expect(rules).toEqual(['previous_response_id_blank']);
    expect(body['previous_response_id']).toBe(upstream);
  });

  it.each(['fast', ' FAST '])('call the tier %j priority', (tier) => {
    const result = prepareResponsesBody(Buffer.from(JSON.stringify({ ...valid, service_tier: tier })), 'codex');
    expect(result.serviceTier).toBe('priority');
    expect(prepared({ service_tier: 'flex' }).rules).toEqual([]);
  });

  it('resolve aliases, explicit values first', () => {
    const { body } = prepared({
      reasoningEffort: 'high',
      reasoningSummary: 'auto',
      textVerbosity: 'low',
      verbosity: 'high',
      promptCacheKey: 'thread_123',
      promptCacheRetention: '4h',
    });
    expect(body).toEqual({
      ...valid,
      reasoning: { effort: 'high', summary: 'auto' },
      text: { verbosity: 'low' },
      prompt_cache_key: 'thread_123',
    });
    const explicit = { reasoning: { effort: 'low' }, text: { verbosity: 'high' }, prompt_cache_key: 'own' };
    expect(prepared({ ...explicit, reasoningEffort: 'high', textVerbosity: 'low', promptCacheKey: 'x' }).body).toEqual({
      ...valid,
      ...explicit,
    });
  });

  it('drop aliases that are no strings and replace a target that is no object', () => {
    expect(prepared({ reasoningEffort: 5, verbosity: null }).body).toEqual(valid);
    expect(prepared({ reasoningEffort: 'high', reasoning: null }).body).toEqual({
      ...valid,
      reasoning: { effort: 'high' },
    });
  });

  it.each([
    ['ultra', 'max'],
    ['minimal', 'low'],
    ['high', 'high'],
    ['constructor', 'constructor'],
  ])('send effort %s as %s', (sent, upstream) => {
    expect(prepared({ reasoning: { effort: sent, summary: 'auto' } }).body['reasoning']).toEqual({
      effort: upstream,
      summary: 'auto',
    });
    expect(prepared({ reasoning: { effort: sent } }, 'codex').rules).toEqual([]);
  });

  it('keep the one stream option upstream knows', () => {
    expect(prepared({ stream_options: { include_obfuscation: false } }).body).toEqual(valid);
    expect(prepared({ stream_options: { reasoning_summary_delivery: 'sequential_cutoff' } }).rules).toEqual([]);
  });

  it('rename preview web search in place, without touching other tools', () => {
    const tools =
      '[ {"type":"function","name":"web_search_preview"},\n{"x":1,"type":"web_search_preview_2025_03_11"} ]';
    const text = `{"model":"m","input":[],"stream":true,"store":false,"tools":${tools},"tool_choice":{"type":"web_search_preview"}}`;
    const { body, rules } = prepareResponsesBody(Buffer.from(text), 'v1');
    expect(rules).toEqual(['web_search_preview']);
    expect(body.toString()).toBe(
      text
        .replace('web_search_preview_2025_03_11', 'web_search')
        .replace('"type":"web_search_preview"', '"type":"web_search"'),
    );
  });

  it('give upstream one value per key and no byte order mark', () => {
    const body = Buffer.from('\ufeff{"store":true,"model":"a","input":[],"stream":true,"store":false,"model":"b"}');
    const result = prepareResponsesBody(body, 'codex');
    expect(result.rules).toEqual(['byte_order_mark', 'equal_keys']);
    expect(result.body.toString()).toBe('{"input":[],"stream":true,"store":false,"model":"b"}');
    expect(result.model).toBe('b');
  });

  it('turn a text into a list, its bytes kept', () => {
    const { body } = prepareResponsesBody(
      Buffer.from('{"model":"m","input":"\\u00e9\\n\\"x\\"","stream":true,"store":false}'),
      'v1',
    );
    expect(body.toString()).toContain(
      '"input":[{"role":"user","content":[{"type":"input_text","text":"\\u00e9\\n\\"x\\""}]}]',
    );
  });

  it('change nothing else, whatever else there is', () => {
    const extras = fc.dictionary(
      fc.constantFrom('temperature', 'seed', 'tools', 'text', 'x', 'y z', 'client_metadata'),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(extras, fc.boolean(), (extra, stream) => {
        const { tools, ...rest } = extra;
        const sent = { ...rest, model: 'm', input: [], stream, ...(Array.isArray(tools) ? { tools } : {}) };
        const kept = Object.entries({ ...sent, stream: true, store: false }).filter(
          ([key, value]) => key !== 'temperature' && key !== 'seed' && !(key === 'text' && value === null),
        );
        const expected: unknown = JSON.parse(JSON.stringify(Object.fromEntries(kept)));
        const { body } = prepareResponsesBody(Buffer.from(JSON.stringify(sent)), 'codex');
        expect(JSON.parse(body.toString())).toEqual(expected);
      }),
    );
  });
});
