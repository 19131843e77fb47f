/** Request bodies as real clients send them, as small as they can be. */

/** What Codex 0.169 posts (codex-observed "HTTP: body"), one user message long. */
export function codexBody(text = 'Say hello.', more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    model: 'gpt-5.5',
    stream: true,
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }],
    tools: [],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: 'medium' },
    store: false,
    include: ['reasoning.encrypted_content'],
    ...more,
  };
}

/** What an OpenAI SDK posts. */
export function openAiBody(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { model: 'gpt-5.5', input: 'Say hello.', stream: true, ...more };
}

/** The two addresses of the same turn, with a body that fits each. */
export const RESPONSE_ROUTES = [
  { path: '/v1/responses', body: openAiBody },
  {
    path: '/backend-api/codex/responses',
    body: (more: Readonly<Record<string, unknown>> = {}) => codexBody(undefined, more),
  },
] as const;
