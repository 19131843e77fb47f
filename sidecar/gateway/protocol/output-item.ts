/** One output item while it is being told: what has been passed on of it, so that a repetition passes on only what is new. */
import type { CallFacts } from './output-sink';

/** Text that comes as pieces, as snapshots of the whole, or both. */
export class ToldText {
  text = '';

  append(piece: string): void {
    this.text += piece;
  }

  /** What a snapshot of the whole adds; a snapshot that contradicts what was told adds nothing (proxy.md 3.4.1). */
  complete(snapshot: string): string {
    if (!snapshot.startsWith(this.text)) return '';
    const rest = snapshot.slice(this.text.length);
    this.text = snapshot;
    return rest;
  }
}

export type ItemKind = 'message' | 'function' | 'custom' | 'reasoning' | 'other';

const KINDS: ReadonlyMap<unknown, ItemKind> = new Map([
  ['message', 'message'],
  ['function_call', 'function'],
  ['custom_tool_call', 'custom'],
  ['reasoning', 'reasoning'],
]);

export function kindOfItem(type: unknown): ItemKind {
  return KINDS.get(type) ?? 'other';
}

export class OutputItem {
  id: string | undefined;
  callId: string | undefined;
  name: string | undefined;
  /** The upstream's `output_index`, where it told one. */
  outputIndex: number | undefined;
  /** The call as it was announced; `null` until its id and name are known. */
  call: CallFacts | null = null;
  /** JSON arguments or free text of a call; told only once the call is announced. */
  readonly input = new ToldText();
  sealed = false;
  done = false;
  readonly #texts = new Map<string, ToldText>();
  readonly #annotations = new Map<number, number>();

  constructor(
    readonly ordinal: number,
    readonly kind: ItemKind,
  ) {}

  /** The text of one part: `text0`, `refusal0`, `summary1` … */
  part(name: string): ToldText {
    let told = this.#texts.get(name);
    if (told === undefined) this.#texts.set(name, (told = new ToldText()));
    return told;
  }

  /** Whether any part has text. */
  get hasText(): boolean {
    for (const told of this.#texts.values()) if (told.text !== '') return true;
    return false;
  }

  /** How many annotations of a part have been told. */
  annotationsTold(part: number): number {
    return this.#annotations.get(part) ?? 0;
  }

  noteAnnotations(part: number, count: number): void {
    this.#annotations.set(part, count);
  }
}
