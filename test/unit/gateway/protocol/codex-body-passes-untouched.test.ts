import { prepareResponsesBody } from '../../../../sidecar/gateway/protocol/responses-rules';

/** The request of Codex CLI 0.169 over HTTP (codex-observed, "HTTP: body"), shortened. */
const message = (id: string, role: string, text: string): object => ({
  type: 'message',
  id,
  role,
  content: [{ type: 'input_text', text }],
});
const codexBody = {
  model: 'gpt-5.5',
  stream: true,
  input: [
    message('msg_598b3cfe', 'developer', 'You are a coding agent.'),
    message('msg_01a2025c', 'user', '<environment_context>\n  <cwd>/work "quoted" \u2028</cwd>'),
    {
      type: 'function_call',
      status: 'completed',
      id: 'fc_shell1',
      name: 'exec_command',
      arguments: '{"cmd":"grep \\"namespace\\" -r .","yield_time_ms":2000}',
      call_id: 'call_shell1',
    },
    {
      type: 'function_call_output',
      id: 'fco_01',
      call_id: 'call_shell1',
      output: 'shell-42\n"namespace" input_image"',
    },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' },
  ],
  tools: [
    { type: 'function', name: 'exec_command', parameters: { type: 'object', properties: { cmd: { type: 'string' } } } },
    { type: 'namespace', name: 'mcp', tools: [{ type: 'function', name: 'x', namespace: 'mcp' }] },
    { type: 'web_search_preview' },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'medium' },
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: '01a2025c-92cb-72c0-885f-c6b031272d97',
  text: { verbosity: 'low' },
  client_metadata: { session_id: '01a2025c-92cb', 'x-codex-turn-metadata': '{"installation_id":"883ec57e"}' },
};

describe('the body of a Codex client', () => {
  it('goes upstream as the very Buffer it came in', () => {
    const body = Buffer.from(JSON.stringify(codexBody, null, 1));
    const prepared = prepareResponsesBody(body, 'codex');
    expect(prepared.rules).toEqual([]);
    expect(prepared.body).toBe(body);
  });

  it('tells the turn what it needs', () => {
    const prepared = prepareResponsesBody(Buffer.from(JSON.stringify(codexBody)), 'codex');
    expect(prepared).toMatchObject({
      model: 'gpt-5.5',
      stream: 'sse',
      promptCacheKey: '01a2025c-92cb-72c0-885f-c6b031272d97',
      previousResponseId: undefined,
      serviceTier: undefined,
      reasoningEffort: 'medium',
      sessionId: '01a2025c-92cb',
    });
  });

  it('stays whole with fields of other and future versions', () => {
    const lite = {
      ...codexBody,
      tools: undefined,
      instructions: '',
      parallel_tool_calls: false,
      reasoning: { effort: 'ultra', context: 'all_turns' },
      service_tier: 'priority',
      stream_options: { reasoning_summary_delivery: 'sequential_cutoff' },
      previous_response_id: 'resp_1',
      access_programs: ['x'],
      not_yet_invented: { a: [1, 2.5, null] },
      input: [
        { type: 'additional_tools', id: 'at_1', role: 'developer', tools: [{ type: 'function', name: 'f' }] },
        ...codexBody.input,
        { type: 'message', role: 'user', content: [{ type: 'input_file', file_id: 'file_1' }] },
        { type: 'message', role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }] },
        { type: 'compaction_trigger' },
      ],
    };
    const body = Buffer.from(JSON.stringify(lite));
    expect(prepareResponsesBody(body, 'codex').body).toBe(body);
  });

  it('loses nothing but the fields a rule names', () => {
    const body = Buffer.from(JSON.stringify({ ...codexBody, temperature: 0.2, store: true, service_tier: ' Fast ' }));
    const prepared = prepareResponsesBody(body, 'codex');
    expect(prepared.rules).toEqual(['store_false', 'service_tier_fast', 'unsupported_parameters']);
    expect(prepared.body.toString()).toBe(JSON.stringify({ ...codexBody, service_tier: 'priority' }));
  });
});
