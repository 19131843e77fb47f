/** Puts chat deltas together to one `chat.completion` object, as a client does with the chunks of a stream. */
import { chatId, type ChatCallDelta, type ChatDelta, type ChatEnding, type ChatWriter } from './chat-answer';
import type { Json } from './json-record';
import type { ResponseFacts } from './output-sink';

export interface ChatCompletionOptions {
  /** As the client named it; the upstream's own name wins. */
  readonly model: string;
  /** UTC seconds. */
  readonly created: number;
}

interface Call {
  readonly id: string;
  readonly type: 'function' | 'custom';
  readonly name: string;
  input: string;
}

export class ChatCompletion implements ChatWriter {
  readonly #options: ChatCompletionOptions;
  readonly #calls: Call[] = [];
  readonly #annotations: Json[] = [];
  #facts: ResponseFacts = { id: null, model: null };
  #content = '';
  #refusal: string | null = null;
  #reasoning = '';
  #functionCall: { name: string; arguments: string } | null = null;
  #ending: ChatEnding | null = null;

  constructor(options: ChatCompletionOptions) {
    this.#options = options;
  }

  started(facts: ResponseFacts): void {
    this.#facts = facts;
  }

  delta(delta: ChatDelta): void {
    if (delta.content !== undefined) this.#content += delta.content;
    if (delta.refusal !== undefined) this.#refusal = (this.#refusal ?? '') + delta.refusal;
    if (delta.reasoning_content !== undefined) this.#reasoning += delta.reasoning_content;
    this.#annotations.push(...(delta.annotations ?? []));
    for (const call of delta.tool_calls ?? []) this.#call(call);
    if (delta.function_call === undefined) return;
    this.#functionCall ??= { name: delta.function_call.name ?? '', arguments: '' };
    this.#functionCall.arguments += delta.function_call.arguments;
  }

  ended(ending: ChatEnding): void {
    this.#ending = ending;
  }

  /** The object; `null` while the answer is not complete. */
  result(): Json | null {
    const ending = this.#ending;
    if (ending === null) return null;
    return {
      id: chatId(this.#facts.id),
      object: 'chat.completion',
      created: this.#options.created,
      model: this.#facts.model ?? this.#options.model,
      choices: [{ index: 0, message: this.#message(), logprobs: null, finish_reason: ending.reason }],
      ...(ending.usage === null ? {} : { usage: ending.usage }),
      ...(ending.serviceTier === null ? {} : { service_tier: ending.serviceTier }),
    };
  }

  #message(): Json {
    const hasOther = this.#calls.length > 0 || this.#functionCall !== null || this.#refusal !== null;
    return {
      role: 'assistant',
      content: this.#content === '' && hasOther ? null : this.#content,
      refusal: this.#refusal,
      annotations: this.#annotations,
      ...(this.#reasoning === '' ? {} : { reasoning_content: this.#reasoning }),
      ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls.map(callObject) }),
      ...(this.#functionCall === null ? {} : { function_call: this.#functionCall }),
    };
  }

  #call({ index, id, type, function: called, custom }: ChatCallDelta): void {
    const name = called?.name ?? custom?.name ?? '';
    const call = (this.#calls[index] ??= { id: id ?? '', type: type ?? 'function', name, input: '' });
    call.input += called?.arguments ?? custom?.input ?? '';
  }
}

function callObject({ id, type, name, input }: Call): Json {
  return type === 'custom' ? { id, type, custom: { name, input } } : { id, type, function: { name, arguments: input } };
}
