import { prepareResponsesBody } from '../../../../sidecar/gateway/protocol/responses-rules';
import { refusalOf } from '../refusal-of';

function bodyOf(input: unknown[]): Buffer {
  return Buffer.from(JSON.stringify({ model: 'm', stream: true, store: false, input }));
}

function sent(input: unknown[]): unknown[] {
  return (JSON.parse(prepareResponsesBody(bodyOf(input), 'v1').body.toString()) as { input: unknown[] }).input;
}

const text = (type: string, value: string): object => ({ type, text: value });

describe('chat-style input items on /v1', () => {
  it.each([
    ['user', 'user', 'input_text'],
    ['developer', 'developer', 'input_text'],
    ['system', 'developer', 'input_text'],
    ['assistant', 'assistant', 'output_text'],
  ])('get the text type of the role %s', (role, sentRole, type) => {
    const expected = [{ role: sentRole, content: [text(type, 'a')] }];
    expect(sent([{ role, content: 'a' }])).toEqual(expected);
    expect(sent([{ role, content: [text('text', 'a')] }])).toEqual(expected);
    expect(sent([{ role, content: ['a'] }])).toEqual(expected);
    expect(sent([{ role, content: { text: 'a' } }])).toEqual(expected);
    expect(sent([{ role, content: [text(type === 'input_text' ? 'output_text' : 'input_text', 'a')] }])).toEqual(
      expected,
    );
  });

  it('keep their bytes when they are right already', () => {
    const body = bodyOf([
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'a', annotations: [] }] },
      { role: 'user', content: [text('input_text', 'b'), { type: 'input_image', image_url: 'data:,' }] },
      { type: 'additional_tools', role: 'developer', tools: [{ type: 'text', text: 'x' }] },
      { role: 'tool_user', content: 'kept' },
      { role: 'user', content: null },
    ]);
    expect(prepareResponsesBody(body, 'v1').body).toBe(body);
  });

  it('are left alone on the Codex route', () => {
    const body = bodyOf([
      { role: 'system', content: 'a' },
      { role: 'tool', content: 'b' },
    ]);
    expect(prepareResponsesBody(body, 'codex').body).toBe(body);
  });

  it('rewrite one item without touching its neighbours', () => {
    const before = '{ "type":"reasoning" , "encrypted_content":"gA\\u0041" }';
    const body = Buffer.from(
      `{"model":"m","stream":true,"store":false,"input":[${before},{"role":"user","content":"x"}, 5]}`,
    );
    const { body: out, rules } = prepareResponsesBody(body, 'v1');
    expect(rules).toEqual(['chat_items']);
    expect(out.toString()).toContain(`[${before},{"role":"user","content":[{"type":"input_text","text":"x"}]}, 5]`);
  });

  it('turn tool results into call outputs', () => {
    expect(sent([{ role: 'tool', tool_call_id: 'c1', content: 'done' }])).toEqual([
      { type: 'function_call_output', call_id: 'c1', output: 'done' },
    ]);
    expect(
      sent([
        { role: 'tool', toolCallId: 'c1', output: [text('text', 'a'), { type: 'input_image', image_url: 'data:,' }] },
      ]),
    ).toEqual([
      {
        type: 'function_call_output',
        call_id: 'c1',
        output: [text('input_text', 'a'), { type: 'input_image', image_url: 'data:,' }],
      },
    ]);
    expect(
      sent([
        { role: 'tool', call_id: 'c1', content: null },
        { role: 'tool', call_id: 'c2', output: { ok: 1 } },
      ]),
    ).toEqual([
      { type: 'function_call_output', call_id: 'c1', output: '' },
      { type: 'function_call_output', call_id: 'c2', output: '{"ok":1}' },
    ]);
  });

  it('turn the tool calls of an assistant into call items', () => {
    const calls = [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
      { id: 'c2', type: 'custom', custom: { name: 'g', input: 'raw' } },
    ];
    const items = [
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'g', input: 'raw' },
    ];
    expect(sent([{ role: 'assistant', content: null, tool_calls: calls }])).toEqual(items);
    expect(sent([{ role: 'assistant', content: 'hm', tool_calls: calls }])).toEqual([
      { role: 'assistant', content: [text('output_text', 'hm')] },
      ...items,
    ]);
  });

  it('lose the reasoning that other providers replay', () => {
    const parts = [
      { type: 'reasoning', text: 'x' },
      { ...text('output_text', 'a'), reasoning_details: [] },
    ];
    expect(sent([{ role: 'assistant', reasoning_content: 'x', function_call: null, content: parts }])).toEqual([
      { role: 'assistant', content: [text('output_text', 'a')] },
    ]);
  });

  it('take chat images and files', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'https://h/a.png', detail: 'low' } },
      { type: 'image_url', image_url: 'data:image/png;base64,AA' },
      { type: 'file', file: { file_data: 'data:,', filename: 'a.txt' } },
    ];
    expect(sent([{ role: 'user', content }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_image', image_url: 'https://h/a.png', detail: 'low' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA' },
          { type: 'input_file', file_data: 'data:,', filename: 'a.txt' },
        ],
      },
    ]);
  });

  it.each([
    [{ role: 'tool', content: 'x' }, 'invalid_request_error', 'input[1]'],
    [{ role: 'assistant', tool_calls: 'x' }, 'invalid_request_error', 'input[1].tool_calls'],
    [{ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }, 'invalid_request_error', '`id`'],
    [{ role: 'assistant', tool_calls: [{ id: 'c', function: {} }] }, 'invalid_request_error', 'function.name'],
    [
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'sediment://x' } }] },
      'unsupported_input_image_format',
      'URL',
    ],
  ])('refuse what cannot be brought into form: %j', (item, code, words) => {
    const error = refusalOf(() => sent([{ role: 'user', content: 'x' }, item]));
    expect(error).toMatchObject({ code, param: 'input' });
    expect(error.message).toContain(words);
  });
});
