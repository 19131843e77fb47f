/** What a chat completion says, as a sequence of deltas (proxy.md 3.3, 3.4): the same for a stream and for a whole answer. */
import { countOf, recordOf, textOf, type Json } from './json-record';
import type { CallFacts, FinalFacts, OutputSink, ResponseFacts } from './output-sink';
import { StopSequences } from './stop-sequences';

export type ChatFinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'function_call';

/** One call, or one more piece of its input. */
export interface ChatCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: 'function' | 'custom';
  readonly function?: { readonly name?: string; readonly arguments: string };
  readonly custom?: { readonly name?: string; readonly input: string };
}

/** Each delta has one of these; the writer adds the role. */
export interface ChatDelta {
  readonly content?: string;
  readonly refusal?: string;
  readonly reasoning_content?: string;
  readonly annotations?: readonly Json[];
  readonly tool_calls?: readonly ChatCallDelta[];
  readonly function_call?: { readonly name?: string; readonly arguments: string };
}

export interface ChatEnding {
  readonly reason: ChatFinishReason;
  /** `null` = the upstream did not count. */
  readonly usage: Json | null;
  readonly serviceTier: string | null;
}

export interface ChatWriter {
  started(facts: ResponseFacts): void;
  delta(delta: ChatDelta): void;
  ended(ending: ChatEnding): void;
}

export interface ChatAnswerOptions {
  readonly stop: readonly string[];
  /** The client knows only `functions`: at most one call, in `function_call`. */
  readonly legacyFunctions: boolean;
}

export class ChatAnswer implements OutputSink {
  readonly #writer: ChatWriter;
  readonly #legacy: boolean;
  readonly #stop: StopSequences;
  #hasCall = false;

  constructor(writer: ChatWriter, options: ChatAnswerOptions) {
    this.#writer = writer;
    this.#legacy = options.legacyFunctions;
    this.#stop = new StopSequences(options.stop);
  }

  started(facts: ResponseFacts): void {
    this.#writer.started(facts);
  }

  text(_item: number, piece: string): void {
    this.#content(this.#stop.push(piece));
  }

  refusal(_item: number, piece: string): void {
    this.#say({ refusal: piece });
  }

  reasoning(_item: number, piece: string): void {
    this.#say({ reasoning_content: piece });
  }

  reasoningSealed(): void {
    // Chat has no place for ciphertext.
  }

  annotation(_item: number, annotation: Json): void {
    const { type, ...facts } = annotation;
    if (type === 'url_citation') this.#say({ annotations: [{ type, url_citation: facts }] });
  }

  callStarted(call: CallFacts): void {
    if (this.#stop.hit !== null || this.#isUntold(call)) return;
    this.#hasCall = true;
    const { index, callId: id, name } = call;
    if (this.#legacy) this.#say({ function_call: { name, arguments: '' } });
    else if (call.kind === 'custom')
      this.#say({ tool_calls: [{ index, id, type: 'custom', custom: { name, input: '' } }] });
    else this.#say({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
  }

  callInput(call: CallFacts, piece: string): void {
    if (this.#isUntold(call)) return;
    if (this.#legacy) this.#say({ function_call: { arguments: piece } });
    else if (call.kind === 'custom') this.#say({ tool_calls: [{ index: call.index, custom: { input: piece } }] });
    else this.#say({ tool_calls: [{ index: call.index, function: { arguments: piece } }] });
  }

  itemDone(): void {
    this.#content(this.#stop.flush());
  }

  finished(facts: FinalFacts): void {
    this.#content(this.#stop.flush());
    this.#writer.ended({ reason: this.#reason(facts), usage: chatUsage(facts.usage), serviceTier: facts.serviceTier });
  }

  #content(text: string): void {
    if (text !== '') this.#writer.delta({ content: text });
  }

  /** Behind a stop sequence the answer is over, whatever upstream still says. */
  #say(delta: ChatDelta): void {
    if (this.#stop.hit === null) this.#writer.delta(delta);
  }

  #isUntold(call: CallFacts): boolean {
    return this.#legacy && call.index > 0;
  }

  /** A call that was cut off must not be run, so it does not count (OpenAI's API reports `length` then). */
  #reason({ incomplete, cutInCall }: FinalFacts): ChatFinishReason {
    if (this.#stop.hit !== null) return 'stop';
    if (this.#hasCall && !cutInCall) return this.#legacy ? 'function_call' : 'tool_calls';
    if (incomplete === 'max_output_tokens' || incomplete === 'max_tokens') return 'length';
    return incomplete === 'content_filter' ? 'content_filter' : 'stop';
  }
}

/** Token counts under chat's names, with their details (proxy.md 3.3). */
function chatUsage(usage: Json): Json | null {
  const input = countOf(usage['input_tokens']);
  const output = countOf(usage['output_tokens']);
  if (input === undefined || output === undefined) return null;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: countOf(usage['total_tokens']) ?? input + output,
    prompt_tokens_details: { cached_tokens: countOf(recordOf(usage['input_tokens_details'])['cached_tokens']) ?? 0 },
    completion_tokens_details: {
      reasoning_tokens: countOf(recordOf(usage['output_tokens_details'])['reasoning_tokens']) ?? 0,
    },
  };
}

/** The id a client sees: the upstream's own, so that logs of both sides can be laid side by side. */
export function chatId(id: string | null): string {
  return textOf(id) ?? 'chatcmpl_unnamed';
}
