/** Requests as Codex 0.169 sends them (codex-observed "HTTP"), in the three sizes of the bench. */

/** Body sizes in bytes, exact. */
export type BodySize = 300 | 65_536 | 262_144;

/** Stands for the session in the template; same length as a UUID. */
const SESSION_PLACEHOLDER = '00000000-0000-7000-8000-000000000000';
/** Length of a real access token (codex-observed: 1,246 characters). */
const TOKEN_LENGTH = 1_246;
/** Length of a real `x-codex-turn-metadata` (772 characters). */
const TURN_METADATA_LENGTH = 772;

/** Room for everything of a session body that is not history: developer message, tools, one turn too many. */
const CONTEXT_BYTES = 26_000;

const WORDS = 'the file reads a line from the queue, checks its owner and writes "done" back; see src/main.ts:42 \n';

/** Deterministic prose of the given length, with a few characters that JSON escapes. */
function prose(length: number): string {
  return WORDS.repeat(Math.ceil(length / WORDS.length)).slice(0, length);
}

function message(role: string, type: string, text: string): Readonly<Record<string, unknown>> {
  return { type: 'message', role, content: [{ type, text }] };
}

function tool(index: number): Readonly<Record<string, unknown>> {
  return {
    type: 'function',
    name: `tool_${String(index)}`,
    description: prose(400),
    strict: false,
    parameters: {
      type: 'object',
      properties: { command: { type: 'array', items: { type: 'string' } }, workdir: { type: 'string' } },
      required: ['command'],
      additionalProperties: false,
    },
  };
}

/** The smallest body that still has what routing reads. */
function smallBody(filler: string): string {
  return JSON.stringify({
    model: 'gpt-5.5',
    stream: true,
    input: [message('user', 'input_text', filler)],
    tool_choice: 'auto',
    store: false,
    prompt_cache_key: SESSION_PLACEHOLDER,
  });
}

/** A turn deep in a session: developer context, a long history with tool calls, sixteen tools. */
function sessionBody(size: number, filler: string): string {
  const history: unknown[] = [];
  for (let used = 0, turn = 0; used < size - CONTEXT_BYTES; turn += 1) {
    const call = `call_${String(turn).padStart(6, '0')}`;
    const turnItems = [
      message('user', 'input_text', prose(600)),
      { type: 'reasoning', summary: [], encrypted_content: `gAAAAA${'Qm'.repeat(500)}` },
      { type: 'function_call', name: 'tool_1', arguments: '{"command":["ls","-la"]}', call_id: call },
      { type: 'function_call_output', call_id: call, output: prose(2_400) },
      message('assistant', 'output_text', prose(500)),
    ];
    used += JSON.stringify(turnItems).length;
    history.push(...turnItems);
  }
  return JSON.stringify({
    model: 'gpt-5.5',
    stream: true,
    input: [message('developer', 'input_text', prose(3_000)), ...history, message('user', 'input_text', filler)],
    tools: Array.from({ length: 16 }, (_, index) => tool(index)),
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: 'medium', summary: 'auto' },
    store: false,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: SESSION_PLACEHOLDER,
    text: { verbosity: 'low' },
    client_metadata: { 'x-codex-installation-id': '883ec57e-68ac-4c8f-beed-9e268e7661fe' },
  });
}

function bodyText(size: BodySize): string {
  const build = (filler: string): string => (size === 300 ? smallBody(filler) : sessionBody(size, filler));
  const missing = size - Buffer.byteLength(build(''));
  if (missing < 0) throw new Error(`a body of ${String(size)} bytes has no room for its fields`);
  return build('x'.repeat(missing));
}

/** A session of its own per connection, as real clients have. */
function sessionId(connection: number): string {
  return `${SESSION_PLACEHOLDER.slice(0, -12)}${connection.toString(16).padStart(12, '0')}`;
}

/** Puts requests together; bodies are built once per size. */
export class RequestFactory {
  readonly #body: string;

  /** @param headers more headers, for peers that need their own */
  constructor(
    size: BodySize,
    private readonly path: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {
    this.#body = bodyText(size);
  }

  /** Head and body of the request that connection number `connection` repeats. */
  request(connection: number): Buffer {
    const session = sessionId(connection);
    const body = this.#body.replaceAll(SESSION_PLACEHOLDER, session);
    const metadata = `{"session_id":"${session}","turn_id":"${session}","request_kind":"turn","pad":"`;
    const headers: Readonly<Record<string, string>> = {
      'x-codex-beta-features': 'remote_compaction_v2',
      'x-codex-window-id': `${session}:0`,
      'x-codex-turn-metadata': `${metadata.padEnd(TURN_METADATA_LENGTH - 2, 'm')}"}`,
      'x-client-request-id': session,
      'session-id': session,
      'thread-id': session,
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${'t'.repeat(TOKEN_LENGTH)}`,
      'chatgpt-account-id': '3febe896-959a-46d4-9994-809822f3e4c0',
      originator: 'codex_exec',
      'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown (codex_exec; 0.169.0)',
      host: '127.0.0.1',
      'content-length': String(Buffer.byteLength(body)),
      ...this.headers,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.from(`POST ${this.path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
  }
}
