/** Emulates `stop` (chat) and `stop_sequences` (Anthropic), which upstream does not know: the text ends before the first one. */

export class StopSequences {
  /** The sequence that ended the text; `null` until one has. */
  hit: string | null = null;
  readonly #sequences: readonly string[];
  readonly #longest: number;
  #held = '';

  constructor(sequences: readonly string[]) {
    this.#sequences = sequences;
    this.#longest = Math.max(0, ...sequences.map((sequence) => sequence.length));
  }

  /** What may be shown now: a tail that could be the beginning of a sequence waits for what follows. */
  push(piece: string): string {
    if (this.hit !== null) return '';
    if (this.#longest === 0) return piece;
    const text = this.#held + piece;
    const end = this.#firstHit(text);
    if (end !== null) {
      this.#held = '';
      return text.slice(0, end);
    }
    const waiting = this.#waitingTail(text);
    this.#held = text.slice(text.length - waiting);
    return text.slice(0, text.length - waiting);
  }

  /** The text has ended without the rest of a sequence. */
  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }

  #firstHit(text: string): number | null {
    let first: number | null = null;
    for (const sequence of this.#sequences) {
      const at = text.indexOf(sequence);
      if (at === -1 || (first !== null && at >= first)) continue;
      first = at;
      this.hit = sequence;
    }
    return first;
  }

  /** Length of the longest end of the text that begins a sequence. */
  #waitingTail(text: string): number {
    for (let length = Math.min(this.#longest - 1, text.length); length > 0; length--) {
      const tail = text.slice(text.length - length);
      if (this.#sequences.some((sequence) => sequence.startsWith(tail))) return length;
    }
    return 0;
  }
}
