/** Chat messages as the instructions and input items of a Responses request (proxy.md 3.1, 3.2). */
import { contentParts, invalidMessage, partText, textOnly, userPart } from './chat-content';
import { isRecord, textOf, type Json } from './json-record';

export interface ChatConversation {
  /** System and developer messages in their order; `undefined` = there are none. */
  readonly instructions: string | undefined;
  readonly input: readonly Json[];
}

/** Throws `invalid_request_error` with param `messages`. */
export function readChatMessages(messages: unknown): ChatConversation {
  if (!Array.isArray(messages)) throw invalidMessage('`messages` must be an array.');
  if (messages.length === 0) throw invalidMessage('`messages` must not be empty.');
  return new ChatHistory().read(messages);
}

/** The output that belongs to a call, by what kind of call it was. */
const OUTPUT_TYPES = { function_call: 'function_call_output', custom_tool_call: 'custom_tool_call_output' } as const;
type CallType = keyof typeof OUTPUT_TYPES;

class ChatHistory {
  readonly #instructions: string[] = [];
  readonly #input: Json[] = [];
  readonly #callTypes = new Map<string, CallType>();
  /** Calls of the legacy form have no ids: the answer to one is found by its name. */
  readonly #legacyCalls: { readonly name: string; readonly callId: string }[] = [];

  read(messages: readonly unknown[]): ChatConversation {
    messages.forEach((message, index) => this.#message(message, `messages[${index}]`));
    if (this.#input.length === 0) this.#input.push(userMessage([]));
    const instructions = this.#instructions.filter((text) => text !== '').join('\n');
    return { instructions: instructions === '' ? undefined : instructions, input: this.#input };
  }

  #message(message: unknown, path: string): void {
    if (!isRecord(message)) throw invalidMessage(`\`${path}\` must be an object.`);
    const content = message['content'];
    switch (message['role']) {
      case 'system':
      case 'developer':
        this.#instructions.push(textOnly(content, `${path}.content`, '\n'));
        return;
      case 'user': {
        const parts = contentParts(content, `${path}.content`);
        this.#input.push(userMessage(parts.map((part, index) => userPart(part, `${path}.content[${index}]`))));
        return;
      }
      case 'assistant':
        this.#assistant(message, path);
        return;
      case 'tool':
        this.#toolOutput(message, path);
        return;
      case 'function':
        this.#functionOutput(message, path);
        return;
      default:
        throw invalidMessage(`\`${path}.role\` must be system, developer, user, assistant, tool or function.`);
    }
  }

  #assistant(message: Json, path: string): void {
    const content = contentParts(message['content'], `${path}.content`)
      .map((part, index) => assistantPart(part, `${path}.content[${index}]`))
      .filter((part) => part !== null);
    const refusal = textOf(message['refusal']);
    if (refusal !== undefined) content.push({ type: 'output_text', text: refusal });
    const calls = this.#calls(message, path);
    // Upstream does not want empty messages; one that is neither said nor called anything is still a turn of the talk.
    if (content.length === 0 && calls.length === 0) content.push({ type: 'output_text', text: '' });
    if (content.length > 0) this.#input.push({ type: 'message', role: 'assistant', content });
    this.#input.push(...calls);
  }

  #calls(message: Json, path: string): Json[] {
    const listed = message['tool_calls'] ?? [];
    if (!Array.isArray(listed)) throw invalidMessage(`\`${path}.tool_calls\` must be an array.`);
    const calls = listed.map((call, index) => this.#call(call, `${path}.tool_calls[${index}]`));
    const legacy = message['function_call'];
    if (legacy === undefined || legacy === null) return calls;
    const { name, text } = calledFunction(legacy, `${path}.function_call`, 'arguments');
    const callId = `call_function_${this.#legacyCalls.length}`;
    this.#legacyCalls.push({ name, callId });
    return [...calls, { type: 'function_call', call_id: callId, name, arguments: text }];
  }

  #call(call: unknown, path: string): Json {
    if (!isRecord(call)) throw invalidMessage(`\`${path}\` must be an object.`);
    const callId = textOf(call['id']);
    if (callId === undefined) throw invalidMessage(`\`${path}.id\` is required.`);
    if (call['type'] === 'custom') {
      const { name, text } = calledFunction(call['custom'], `${path}.custom`, 'input');
      this.#callTypes.set(callId, 'custom_tool_call');
      return { type: 'custom_tool_call', call_id: callId, name, input: text };
    }
    const { name, text } = calledFunction(call['function'], `${path}.function`, 'arguments');
    return { type: 'function_call', call_id: callId, name, arguments: text };
  }

  #toolOutput(message: Json, path: string): void {
    const callId = textOf(message['tool_call_id']) ?? textOf(message['toolCallId']) ?? textOf(message['call_id']);
    if (callId === undefined) throw invalidMessage(`\`${path}.tool_call_id\` is required.`);
    const type = OUTPUT_TYPES[this.#callTypes.get(callId) ?? 'function_call'];
    this.#input.push({ type, call_id: callId, output: toolOutput(message['content'], `${path}.content`) });
  }

  #functionOutput(message: Json, path: string): void {
    const name = textOf(message['name']);
    if (name === undefined) throw invalidMessage(`\`${path}.name\` is required.`);
    const at = this.#legacyCalls.findIndex((call) => call.name === name);
    const [call] = at === -1 ? [] : this.#legacyCalls.splice(at, 1, { name: '', callId: '' });
    if (call === undefined) throw invalidMessage(`\`${path}\` answers no \`function_call\` of that name.`);
    const output = toolOutput(message['content'], `${path}.content`);
    this.#input.push({ type: 'function_call_output', call_id: call.callId, output });
  }
}

function userMessage(content: readonly Json[]): Json {
  return { type: 'message', role: 'user', content: content.length > 0 ? content : [{ type: 'input_text', text: '' }] };
}

/** `null` = reasoning of another provider, which upstream does not know. */
function assistantPart(part: unknown, path: string): Json | null {
  const text = partText(part, path);
  if (text !== undefined) return { type: 'output_text', text };
  const { type, refusal } = part as Json;
  if (type === 'refusal' && typeof refusal === 'string') return { type: 'output_text', text: refusal };
  if (type === 'reasoning' || type === 'thinking' || type === 'redacted_thinking') return null;
  throw invalidMessage(`\`${path}.type\` ${JSON.stringify(type)} is not supported in an assistant message.`);
}

function calledFunction(called: unknown, path: string, input: string): { name: string; text: string } {
  if (!isRecord(called)) throw invalidMessage(`\`${path}\` must be an object.`);
  const name = textOf(called['name']);
  if (name === undefined) throw invalidMessage(`\`${path}.name\` is required.`);
  const text = called[input];
  if (typeof text !== 'string') throw invalidMessage(`\`${path}.${input}\` must be a string.`);
  return { name, text };
}

/** One text, or a list when there is more than text in it. */
function toolOutput(content: unknown, path: string): string | readonly Json[] {
  if (content === undefined || content === null) throw invalidMessage(`\`${path}\` is required.`);
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw invalidMessage(`\`${path}\` must be a string or an array of parts.`);
  const parts = content.map((part, index) => userPart(part, `${path}[${index}]`));
  const texts = parts.map((part) => (part['type'] === 'input_text' ? textOf(part['text']) : undefined));
  const isTextOnly = parts.every((part) => part['type'] === 'input_text');
  if (!isTextOnly) return parts;
  if (parts.length > 0 && texts.every((text) => text === undefined)) {
    throw invalidMessage(`\`${path}\` holds no text.`);
  }
  return texts.join('');
}
