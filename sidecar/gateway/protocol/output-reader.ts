/**
 * Reads the events of one Responses stream and tells a sink what the model says, each piece once: a text comes as deltas,
 * then whole in `.done`, in the item and in the terminal event, and any of these may be missing (codex-wire 2.4, traps).
 */
import { countOf, isRecord, listOf, recordOf, textOf, type Json } from './json-record';
import type { ItemKind, OutputItem } from './output-item';
import { OutputItems } from './output-items';
import type { OutputSink } from './output-sink';

type Handler = (reader: OutputReader, event: Json) => void;

export class OutputReader {
  readonly #sink: OutputSink;
  readonly #items = new OutputItems();
  #started = false;
  #calls = 0;

  constructor(sink: OutputSink) {
    this.#sink = sink;
  }

  /** Whether events of this type mean anything to an answer; the others need not be parsed. */
  static knows(type: string): boolean {
    return HANDLERS.has(type);
  }

  /** Takes one parsed event. Failures (`response.failed`, `error`) are not its business. */
  read(type: string, event: Json): void {
    HANDLERS.get(type)?.(this, event);
  }

  start(event: Json): void {
    if (this.#started) return;
    this.#started = true;
    const response = recordOf(event['response']);
    this.#sink.started({ id: textOf(response['id']) ?? null, model: textOf(response['model']) ?? null });
  }

  /** As a text delta, whose place alone is known; `false` = its item is not known by its place, the event has to be read. */
  textAt(outputIndex: number, contentIndex: number, piece: string): boolean {
    const item = this.#items.messageAt(outputIndex);
    if (item === undefined) return false;
    item.part(`text${contentIndex}`).append(piece);
    this.#sink.text(item.ordinal, piece);
    return true;
  }

  textPiece(event: Json): void {
    const item = this.#items.ofEvent(event, 'message');
    const piece = event['delta'];
    if (typeof piece !== 'string' || piece === '') return;
    item.part(textPart(event)).append(piece);
    this.#sink.text(item.ordinal, piece);
  }

  refusalPiece(event: Json): void {
    const item = this.#items.ofEvent(event, 'message');
    const piece = textOf(event['delta']);
    if (piece === undefined) return;
    item.part(refusalPart(event)).append(piece);
    this.#sink.refusal(item.ordinal, piece);
  }

  partDone(event: Json): void {
    const part = recordOf(event['part']);
    if (part['type'] === 'reasoning_text') this.reasoningPart({ ...event, text: part['text'] }, contentPart(event));
    else this.messagePart(event, part);
  }

  /** The whole of one part. */
  messagePart(event: Json, part: Json): void {
    this.#completePart(this.#items.ofEvent(event, 'message'), countOf(event['content_index']) ?? 0, part);
  }

  annotation(event: Json): void {
    const item = this.#items.ofEvent(event, 'message');
    const part = countOf(event['content_index']) ?? 0;
    const told = item.annotationsTold(part);
    const at = countOf(event['annotation_index']) ?? told;
    if (at < told || !isRecord(event['annotation'])) return;
    item.noteAnnotations(part, at + 1);
    this.#sink.annotation(item.ordinal, event['annotation']);
  }

  reasoningPiece(event: Json, part: string): void {
    const piece = textOf(event['delta']);
    if (piece !== undefined) this.#tellReasoning(this.#items.ofEvent(event, 'reasoning'), part, piece);
  }

  reasoningPart(event: Json, part: string): void {
    this.#completeReasoning(this.#items.ofEvent(event, 'reasoning'), part, event['text']);
  }

  inputPiece(event: Json, kind: ItemKind): void {
    const item = this.#items.ofEvent(event, kind);
    const piece = textOf(event['delta']);
    if (piece === undefined) return;
    item.input.append(piece);
    if (item.call !== null) this.#sink.callInput(item.call, piece);
  }

  wholeInput(event: Json, kind: ItemKind): void {
    const item = this.#items.ofEvent(event, kind);
    this.#completeInput(item, event[kind === 'custom' ? 'input' : 'arguments']);
  }

  itemAdded(event: Json): void {
    const snapshot = recordOf(event['item']);
    const item = this.#items.ofSnapshot(snapshot, countOf(event['output_index']));
    this.#announce(item);
    // Its text is empty here, or will come again; only the input of a call is ever given at once.
    this.#completeInput(item, snapshot['arguments'] ?? snapshot['input']);
  }

  itemDone(event: Json): void {
    const snapshot = recordOf(event['item']);
    this.#complete(this.#items.ofSnapshot(snapshot, countOf(event['output_index'])), snapshot);
  }

  finish(event: Json, isComplete: boolean): void {
    this.start(event);
    const response = recordOf(event['response']);
    for (const [item, snapshot] of this.#items.ofOutput(listOf(response['output']))) this.#complete(item, snapshot);
    const open = [...this.#items].filter((item) => !item.done);
    const cutInCall = !isComplete && open.some((item) => item.call !== null);
    for (const item of open) this.#close(item);
    this.#sink.finished({
      id: textOf(response['id']) ?? null,
      model: textOf(response['model']) ?? null,
      incomplete: isComplete ? null : (textOf(recordOf(response['incomplete_details'])['reason']) ?? 'unknown'),
      cutInCall,
      usage: recordOf(response['usage']),
      serviceTier: textOf(response['service_tier']) ?? null,
    });
  }

  #complete(item: OutputItem, snapshot: Json): void {
    if (item.kind === 'message') {
      listOf(snapshot['content']).forEach((part, index) => {
        if (isRecord(part)) this.#completePart(item, index, part);
      });
    } else if (item.kind === 'reasoning') {
      this.#completeReasoningItem(item, snapshot);
    } else if (item.kind !== 'other') {
      // Some answers have only one of the two ids.
      item.callId ??= item.id;
      this.#announce(item);
      this.#completeInput(item, snapshot['arguments'] ?? snapshot['input']);
    }
    if (snapshot['status'] !== 'incomplete') this.#close(item);
  }

  #close(item: OutputItem): void {
    if (item.done) return;
    item.done = true;
    this.#sink.itemDone(item.ordinal);
  }

  #completePart(item: OutputItem, index: number, part: Json): void {
    if (typeof part['refusal'] === 'string') {
      const rest = item.part(`refusal${index}`).complete(part['refusal']);
      if (rest !== '') this.#sink.refusal(item.ordinal, rest);
    } else if (typeof part['text'] === 'string') {
      const rest = item.part(`text${index}`).complete(part['text']);
      if (rest !== '') this.#sink.text(item.ordinal, rest);
    }
    const annotations = listOf(part['annotations']).filter(isRecord);
    for (const annotation of annotations.slice(item.annotationsTold(index))) {
      this.#sink.annotation(item.ordinal, annotation);
    }
    item.noteAnnotations(index, Math.max(annotations.length, item.annotationsTold(index)));
  }

  #completeReasoningItem(item: OutputItem, snapshot: Json): void {
    listOf(snapshot['summary']).forEach((part, index) => {
      this.#completeReasoning(item, `summary${index}`, recordOf(part)['text']);
    });
    listOf(snapshot['content']).forEach((part, index) => {
      this.#completeReasoning(item, `content${index}`, recordOf(part)['text']);
    });
    const ciphertext = textOf(snapshot['encrypted_content']);
    if (ciphertext === undefined || item.sealed) return;
    item.sealed = true;
    this.#sink.reasoningSealed(item.ordinal, item.id ?? null, ciphertext);
  }

  #completeReasoning(item: OutputItem, part: string, whole: unknown): void {
    if (typeof whole !== 'string' || !whole.startsWith(item.part(part).text)) return;
    const rest = whole.slice(item.part(part).text.length);
    if (rest !== '') this.#tellReasoning(item, part, rest);
  }

  /** Parts of a summary are paragraphs. */
  #tellReasoning(item: OutputItem, part: string, piece: string): void {
    const told = item.part(part);
    const isNewParagraph = told.text === '' && item.hasText;
    told.append(piece);
    this.#sink.reasoning(item.ordinal, isNewParagraph ? `\n\n${piece}` : piece);
  }

  #announce(item: OutputItem): void {
    if (item.call !== null || (item.kind !== 'function' && item.kind !== 'custom')) return;
    if (item.callId === undefined || item.name === undefined) return;
    const { ordinal, kind, callId, name } = item;
    item.call = { item: ordinal, index: this.#calls++, kind, callId, name };
    this.#sink.callStarted(item.call);
    // What came before the call had a name.
    if (item.input.text !== '') this.#sink.callInput(item.call, item.input.text);
  }

  #completeInput(item: OutputItem, whole: unknown): void {
    if (typeof whole !== 'string') return;
    const rest = item.input.complete(whole);
    if (rest !== '' && item.call !== null) this.#sink.callInput(item.call, rest);
  }
}

const textPart = (event: Json): string => `text${countOf(event['content_index']) ?? 0}`;
const refusalPart = (event: Json): string => `refusal${countOf(event['content_index']) ?? 0}`;
const summaryPart = (event: Json): string => `summary${countOf(event['summary_index']) ?? 0}`;
const contentPart = (event: Json): string => `content${countOf(event['content_index']) ?? 0}`;

/** Every event that says something (codex-wire 2.4; the public Responses reference for the parts of a message). */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['response.created', (reader, event) => reader.start(event)],
  ['response.in_progress', (reader, event) => reader.start(event)],
  ['response.output_text.delta', (reader, event) => reader.textPiece(event)],
  ['response.text.delta', (reader, event) => reader.textPiece(event)],
  ['response.output_text.done', (reader, event) => reader.messagePart(event, { text: event['text'] })],
  ['response.refusal.delta', (reader, event) => reader.refusalPiece(event)],
  ['response.refusal.done', (reader, event) => reader.messagePart(event, { refusal: event['refusal'] })],
  ['response.content_part.done', (reader, event) => reader.partDone(event)],
  ['response.output_text.annotation.added', (reader, event) => reader.annotation(event)],
  ['response.reasoning_summary_text.delta', (reader, event) => reader.reasoningPiece(event, summaryPart(event))],
  ['response.reasoning_summary_text.done', (reader, event) => reader.reasoningPart(event, summaryPart(event))],
  ['response.reasoning_text.delta', (reader, event) => reader.reasoningPiece(event, contentPart(event))],
  ['response.reasoning_text.done', (reader, event) => reader.reasoningPart(event, contentPart(event))],
  ['response.function_call_arguments.delta', (reader, event) => reader.inputPiece(event, 'function')],
  ['response.function_call_arguments.done', (reader, event) => reader.wholeInput(event, 'function')],
  ['response.custom_tool_call_input.delta', (reader, event) => reader.inputPiece(event, 'custom')],
  ['response.custom_tool_call_input.done', (reader, event) => reader.wholeInput(event, 'custom')],
  ['response.output_item.added', (reader, event) => reader.itemAdded(event)],
  ['response.output_item.done', (reader, event) => reader.itemDone(event)],
  ['response.completed', (reader, event) => reader.finish(event, true)],
  ['response.incomplete', (reader, event) => reader.finish(event, false)],
]);
