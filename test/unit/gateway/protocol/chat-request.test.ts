/** Chat bodies as Responses bodies: roles, parts, tools, formats, and what is refused with which field (proxy.md 3.1, 3.2). */
import type { Json } from '../../../../sidecar/gateway/protocol/json-record';
import { readChatRequest, type ChatRequest } from '../../../../sidecar/gateway/protocol/chat-request';
import { refusalOf } from '../refusal-of';

const HELLO = { role: 'user', content: 'Hello' };
const USER = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] };

const read = (body: object): ChatRequest =>
  readChatRequest(Buffer.from(JSON.stringify({ model: 'm', messages: [HELLO], ...body })));
const translated = (body: object): Json => JSON.parse(read(body).responsesBody.toString()) as Json;
const inputOf = (...messages: readonly object[]): unknown => translated({ messages })['input'];
const partOf = (part: unknown): unknown => inputOf({ role: 'user', content: [part] });
const user = (...content: readonly object[]): object[] => [{ type: 'message', role: 'user', content }];

describe('messages', () => {
  it('system and developer become instructions in their order', () => {
    const messages = [
      { role: 'system', content: 'A' },
      HELLO,
      { role: 'developer', content: [{ type: 'text', text: 'B' }, 'C'] },
    ];
    expect(translated({ messages })).toMatchObject({ instructions: 'A\nB\nC', input: [USER] });
    expect(translated({})).not.toHaveProperty('instructions');
  });

  it('only system messages leave one empty user item', () => {
    expect(inputOf({ role: 'system', content: 'A' })).toEqual(user({ type: 'input_text', text: '' }));
  });

  it.each<[unknown, object]>([
    ['x', { type: 'input_text', text: 'x' }],
    [{ text: 'x' }, { type: 'input_text', text: 'x' }],
    [
      { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } },
      { type: 'input_text', text: 'x' },
    ],
    [
      { type: 'image_url', image_url: 'https://a/b.png' },
      { type: 'input_image', image_url: 'https://a/b.png' },
    ],
    [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'high' } },
      { type: 'input_image', image_url: 'data:image/png;base64,AA', detail: 'high' },
    ],
    [
      { type: 'file', file: { file_id: 'file_1' } },
      { type: 'input_file', file_id: 'file_1' },
    ],
    [
      { type: 'file', file: { file_url: 'https://a/b.pdf' } },
      { type: 'input_file', file_url: 'https://a/b.pdf' },
    ],
    [
      { type: 'file', file: { file_data: 'QUJD', mime_type: 'application/pdf', filename: 'a.pdf' } },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' },
    ],
    [
      { type: 'input_image', image_url: 'https://a', detail: 'low' },
      { type: 'input_image', image_url: 'https://a', detail: 'low' },
    ],
  ])('a user part %j', (part, wanted) => {
    expect(partOf(part)).toEqual(user(wanted));
  });

  it('assistant text, calls and tool outputs keep their order; no empty message in front of calls', () => {
    const calls = [
      { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'c2', type: 'custom', custom: { name: 'g', input: 'raw' } },
    ];
    expect(
      inputOf(
        HELLO,
        { role: 'assistant', content: null, tool_calls: calls },
        {
          role: 'tool',
          tool_call_id: 'c1',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'tool', toolCallId: 'c2', content: 'done' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'said' },
            { type: 'refusal', refusal: 'no' },
          ],
        },
      ),
    ).toEqual([
      USER,
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
      { type: 'custom_tool_call', call_id: 'c2', name: 'g', input: 'raw' },
      { type: 'function_call_output', call_id: 'c1', output: 'ab' },
      { type: 'custom_tool_call_output', call_id: 'c2', output: 'done' },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'said' },
          { type: 'output_text', text: 'no' },
        ],
      },
    ]);
  });

  it('legacy function calls and their answers find each other by name', () => {
    const call = { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } };
    const answer = { role: 'function', name: 'f', content: '1' };
    expect(inputOf(HELLO, call, answer, call, { ...answer, content: '2' })).toEqual([
      USER,
      { type: 'function_call', call_id: 'call_function_0', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_function_0', output: '1' },
      { type: 'function_call', call_id: 'call_function_1', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_function_1', output: '2' },
    ]);
  });

  it('an image that a tool gives back stays an image', () => {
    const content = [
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
    ];
    const call = {
      role: 'assistant',
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '' } }],
    };
    expect(inputOf(call, { role: 'tool', tool_call_id: 'c1', content })).toContainEqual({
      type: 'function_call_output',
      call_id: 'c1',
      output: [
        { type: 'input_text', text: 'see' },
        { type: 'input_image', image_url: 'data:image/png;base64,AA' },
      ],
    });
  });

  it.each<[string, object]>([
    ['is no object', { messages: ['x'] }],
    ['is missing', { messages: undefined }],
    ['is empty', { messages: [] }],
    ['has an unknown role', { messages: [{ role: 'robot', content: 'x' }] }],
    [
      'has an image from the developer',
      { messages: [{ role: 'developer', content: [{ type: 'image_url', image_url: 'data:,' }] }] },
    ],
    ['has an unknown part', { messages: [{ role: 'user', content: [{ type: 'video' }] }] }],
    ['has an image without URL', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }],
    [
      'has a local image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'file:///etc/passwd' }] }] },
    ],
    ['has a file without file', { messages: [{ role: 'user', content: [{ type: 'file' }] }] }],
    ['answers no call', { messages: [{ role: 'tool', content: 'x' }] }],
    ['has no output', { messages: [{ role: 'tool', tool_call_id: 'c', content: null }] }],
    [
      'has output without text',
      { messages: [{ role: 'tool', tool_call_id: 'c', content: [{ type: 'text', text: '' }] }] },
    ],
    [
      'has a call without id',
      { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '' } }] }] },
    ],
    [
      'has a call without name',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: { arguments: '' } }] }] },
    ],
    [
      'has arguments that are no string',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: { name: 'f', arguments: {} } }] }] },
    ],
    ['answers an unknown function', { messages: [{ role: 'function', name: 'f', content: 'x' }] }],
  ])('a message that %s is refused', (_what, body) => {
    expect(refusalOf(() => read(body))).toMatchObject({ status: 400, param: 'messages' });
  });
});

describe('tools', () => {
  const parameters = { type: 'object', properties: { a: { type: 'number' } } };

  it('are flattened; strict is said either way, as its default differs', () => {
    const tools = [
      { type: 'function', function: { name: 'f', description: 'd', parameters, strict: true } },
      { function: { name: 'g' } },
      { type: 'function', name: 'flat', parameters },
      { type: 'function', function: {} },
      { type: 'web_search_preview' },
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
      },
      'nonsense',
    ];
    expect(translated({ tools, tool_choice: { type: 'function', function: { name: 'f' } } })).toMatchObject({
      tools: [
        { type: 'function', name: 'f', description: 'd', parameters, strict: true },
        { type: 'function', name: 'g', parameters: { type: 'object', properties: {} }, strict: false },
        { type: 'function', name: 'flat', parameters, strict: false },
        { type: 'web_search_preview' },
        { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      ],
      tool_choice: { type: 'function', name: 'f' },
    });
  });

  it('legacy functions are tools, one call at a time', () => {
    const request = read({ functions: [{ name: 'f', parameters }], function_call: { name: 'f' } });
    expect(request.legacyFunctions).toBe(true);
    expect(JSON.parse(request.responsesBody.toString())).toMatchObject({
      tools: [{ type: 'function', name: 'f', parameters, strict: false }],
      tool_choice: { type: 'function', name: 'f' },
      parallel_tool_calls: false,
    });
  });

  it.each(['file_search', 'code_interpreter', 'computer_use', 'image_generation'])('%s is refused', (type) => {
    expect(refusalOf(() => read({ tools: [{ type }] }))).toMatchObject({ status: 400, param: 'tools' });
  });
});

describe('options', () => {
  it.each<[object, object]>([
    [{ response_format: 'json_object' }, { text: { format: { type: 'json_object' } } }],
    [
      { response_format: { type: 'text' }, text: { verbosity: 'low' } },
      { text: { verbosity: 'low', format: { type: 'text' } } },
    ],
    [
      { response_format: { type: 'json_schema', json_schema: { schema: { a: 1 } } } },
      { text: { format: { type: 'json_schema', name: 'response', schema: { a: 1 } } } },
    ],
    [{ reasoning_effort: 'high' }, { reasoning: { effort: 'high' } }],
    [
      { reasoning_effort: 'high', reasoning: { effort: 'low', summary: 'auto' } },
      { reasoning: { effort: 'low', summary: 'auto' } },
    ],
    [
      { prompt_cache_key: 'k', service_tier: 'flex' },
      { prompt_cache_key: 'k', service_tier: 'flex' },
    ],
  ])('%j', (body, wanted) => {
    expect(translated(body)).toMatchObject(wanted);
  });

  it('of other providers stay behind', () => {
    const odd = {
      temperature: 1,
      stop: 'x',
      logit_bias: {},
      extra_body: {},
      thinking: { type: 'enabled' },
      top_k: 3,
      provider: {},
    };
    expect(Object.keys(translated(odd)).sort()).toEqual(['input', 'model', 'store', 'stream']);
  });

  it.each<[object, Partial<ChatRequest>]>([
    [{}, { stream: false, includeUsage: false, stop: [], legacyFunctions: false }],
    [
      { stream: true, stream_options: { include_usage: true } },
      { stream: true, includeUsage: true },
    ],
    [
      { stream: null, stream_options: null, stop: null, n: 1 },
      { stream: false, stop: [] },
    ],
    [{ stop: ['a', ''] }, { stop: ['a'] }],
  ])('of the answer: %j', (body, wanted) => {
    expect(read(body)).toMatchObject(wanted);
  });

  it.each<[string, object]>([
    ['model', { model: ' ' }],
    ['n', { n: 2 }],
    ['stop', { stop: ['a', 'b', 'c', 'd', 'e'] }],
    ['stop', { stop: 1 }],
    ['stream', { stream: 'yes' }],
    ['response_format', { response_format: { type: 'json_schema' } }],
    ['response_format', { response_format: 'xml' }],
    ['response_format', { response_format: 'text', text: { format: { type: 'text' } } }],
    ['text', { response_format: 'text', text: 'x' }],
    ['tools', { tools: {} }],
    ['reasoning_effort', { reasoning_effort: 3 }],
  ])('a wrong %s is refused by name: %j', (param, body) => {
    expect(refusalOf(() => read(body))).toMatchObject({ status: 400, param });
  });
});
