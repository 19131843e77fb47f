import { prepareResponsesBody, type RouteFlavour } from '../../../../sidecar/gateway/protocol/responses-rules';
import { refusalOf } from '../refusal-of';

function bodyOf(input: unknown[], tools: unknown[] = []): Buffer {
  return Buffer.from(JSON.stringify({ model: 'm', stream: true, store: false, input, tools }));
}

const flavours: RouteFlavour[] = ['codex', 'v1'];

describe.each(flavours)('rules about input items on %s', (flavour) => {
  it.each(['function_call', 'custom_tool_call', 'apply_patch_call'])('cut the namespace off a replayed %s', (type) => {
    const call = { type, name: 'f', namespace: 'mcp__x', call_id: 'c1', arguments: '{"namespace":1}' };
    const tools = [{ type: 'namespace', name: 'mcp', namespace: 'kept' }];
    const { body, rules } = prepareResponsesBody(
      bodyOf([{ type: 'message', role: 'user', content: [] }, call], tools),
      flavour,
    );
    expect(rules).toEqual(['item_namespace']);
    const { namespace: _cut, ...rest } = call;
    expect(body.toString()).toBe(bodyOf([{ type: 'message', role: 'user', content: [] }, rest], tools).toString());
  });

  it('leave a namespace anywhere else', () => {
    const items = [
      { type: 'function_call_output', call_id: 'c', output: 'x', namespace: 'kept' },
      {
        type: 'function_call',
        name: 'f',
        call_id: 'c',
        arguments: '{"namespace":"kept"}',
        extra: { namespace: 'kept' },
      },
      { type: 'tool_search_call', namespace: 'kept' },
    ];
    const body = bodyOf(items);
    expect(prepareResponsesBody(body, flavour).body).toBe(body);
  });

  it('cut it off many calls at once', () => {
    const call = (i: number): object => ({ namespace: 'n', type: 'function_call', call_id: `c${i}`, arguments: '' });
    const items = Array.from({ length: 50 }, (_, i) => [
      call(i),
      { type: 'function_call_output', call_id: `c${i}`, output: 'ok' },
    ]);
    const { body } = prepareResponsesBody(bodyOf(items.flat()), flavour);
    expect(body.toString()).not.toContain('namespace');
    expect((JSON.parse(body.toString()) as { input: unknown[] }).input).toHaveLength(100);
  });

  it.each([
    [{ type: 'input_image', file_id: 'file_1' }],
    [{ type: 'input_image', image_url: 'sediment://file_1' }],
    [{ type: 'input_image', image_url: 'SEDIMENT:\\/\\/x' }],
    [{ type: 'input_image', image_url: 'file:///etc/passwd' }],
  ])('refuse an image that is no URL: %j', (part) => {
    const refused = { code: 'unsupported_input_image_format', status: 400, param: 'input' };
    const places = [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'x' }, part] },
      { type: 'function_call_output', call_id: 'c', output: [part] },
      part,
    ];
    for (const item of places) {
      expect(refusalOf(() => prepareResponsesBody(bodyOf([item]), flavour))).toMatchObject(refused);
    }
  });

  it.each([
    [{ type: 'input_image', image_url: 'https://host/a.png', detail: 'auto', file_id: null }],
    [{ type: 'input_image', image_url: `data:image/png;base64,${'A'.repeat(9000)}` }],
    [{ type: 'input_file', file_id: 'file_1' }],
    [{ type: 'input_text', text: 'an "input_image" with "file_id" and sediment://' }],
  ])('take the others as they are', (part) => {
    const body = bodyOf([{ type: 'message', role: 'user', content: [part] }]);
    expect(prepareResponsesBody(body, flavour).body).toBe(body);
  });
});
