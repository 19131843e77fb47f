/** What Claude Code posts with `ANTHROPIC_BASE_URL`: betas, billing block, cache marks, user id, mixed tool results. */
import { textAnswer } from '../../fakes/upstream/answers';
import { toResponses } from '../../fakes/upstream/recorder';
import { reply } from '../../fakes/upstream/reply';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const HEADERS = {
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27',
  'anthropic-dangerous-direct-browser-access': 'true',
  'user-agent': 'claude-cli/2.1.80 (external, cli)',
  'x-api-key': 'sk-ant-any',
  'x-app': 'cli',
  'x-stainless-lang': 'js',
};

const CACHED = { cache_control: { type: 'ephemeral' } };

function body(more: object = {}): object {
  return {
    model: 'claude-opus-4-6[1m]',
    max_tokens: 32_000,
    stream: true,
    metadata: { user_id: 'user_abc_account__session_0f8e' },
    thinking: { type: 'adaptive' },
    output_config: { effort: 'high' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    system: [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.80; cch=1a2b3;' },
      { type: 'text', text: 'You are Claude Code.', ...CACHED },
      { type: 'text', text: 'Be careful.', ...CACHED },
    ],
    tools: [
      {
        name: 'Bash',
        description: 'Runs a command.',
        input_schema: { type: 'object', properties: { command: { type: 'string' } } },
      },
      { name: 'Now', input_schema: { type: 'object' }, ...CACHED },
    ],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'List the files.', ...CACHED }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature: 'signature-of-another-model' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } },
          { type: 'tool_use', id: 'toolu_2', name: 'Now', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.txt' },
          {
            type: 'tool_result',
            tool_use_id: 'toolu_2',
            is_error: true,
            content: [{ type: 'text', text: 'no clock' }],
          },
          { type: 'text', text: 'Go on.', ...CACHED },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        ],
      },
    ],
    ...more,
  };
}

test('is understood whole', async () => {
  stage.fake.account(0).responses.next(reply({ events: textAnswer(['Done.']) }));
  const answer = await stage.sidecar.post('/v1/messages?beta=true', body(), HEADERS);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
  const types = [...answer.text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type);
  expect(types).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  const [request] = stage.fake.requests(toResponses);
  expect(request?.json).toEqual({
    model: 'gpt-5.5',
    instructions: 'You are Claude Code.\n\nBe careful.',
    input: [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'List the files.' }] },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
      { type: 'function_call', call_id: 'toolu_1', name: 'Bash', arguments: '{"command":"ls"}' },
      { type: 'function_call', call_id: 'toolu_2', name: 'Now', arguments: '{}' },
      { type: 'function_call_output', call_id: 'toolu_1', output: 'a.txt' },
      { type: 'function_call_output', call_id: 'toolu_2', output: 'The tool failed: no clock' },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'Go on.' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        ],
      },
    ],
    tools: [
      {
        type: 'function',
        name: 'Bash',
        description: 'Runs a command.',
        parameters: { type: 'object', properties: { command: { type: 'string' } } },
        strict: false,
      },
      { type: 'function', name: 'Now', parameters: { type: 'object', properties: {} }, strict: false },
    ],
    reasoning: { effort: 'high', summary: 'auto' },
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: expect.stringMatching(/^[0-9a-f]{32}$/),
    store: false,
    stream: true,
  });
  const names = Object.keys(request?.headers ?? {});
  expect(names.filter((name) => /^(anthropic-|x-api-key|x-app|x-stainless-)/.test(name))).toEqual([]);
});

test('models follow the map of the settings, else the catalogue', async () => {
  const served = async (model: string): Promise<unknown> => {
    const answer = await stage.sidecar.post('/v1/messages', body({ model, stream: false }), HEADERS);
    expect(answer.json).toMatchObject({ model });
    return (stage.fake.requests(toResponses).at(-1)?.json as { model: unknown }).model;
  };
  await expect(served('claude-haiku-4-5')).resolves.toBe('gpt-5.4-mini');
  await expect(served('gpt-5.4')).resolves.toBe('gpt-5.4');
  const put = await stage.sidecar.admin('PUT', '/api/settings', { anthropicModels: { 'claude-*': 'gpt-5.4' } });
  expect(put.status).toBe(200);
  await expect(served('claude-opus-4-6')).resolves.toBe('gpt-5.4');
});

test('count_tokens takes the same body', async () => {
  const answer = await stage.sidecar.post('/v1/messages/count_tokens?beta=true', body(), HEADERS);
  expect(answer.status).toBe(200);
  expect(answer.json['input_tokens']).toBeGreaterThan(1000);
});
