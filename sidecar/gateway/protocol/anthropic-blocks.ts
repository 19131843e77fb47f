/**
 * Content blocks one after the other: Anthropic's clients take each delta for the newest block, upstream may tell several
 * items at once. What belongs to a later item waits until the present one is done.
 */
import type { Json } from './json-record';

export interface BlockWriter {
  blockStart(index: number, block: Json): void;
  blockDelta(index: number, delta: Json): void;
  blockStop(index: number): void;
}

/** The first piece of a block opens it. */
export interface BlockPiece {
  readonly opens: Json;
  readonly delta: Json | null;
}

interface Waiting {
  readonly pieces: BlockPiece[];
  done: boolean;
}

export class AnthropicBlocks {
  readonly #writer: BlockWriter;
  readonly #waiting = new Map<number, Waiting>();
  #item: number | null = null;
  #isOpen = false;
  #index = 0;

  constructor(writer: BlockWriter) {
    this.#writer = writer;
  }

  /** Whether this item has a block, written or waiting. */
  has(item: number): boolean {
    return this.#item === item || this.#waiting.has(item);
  }

  say(item: number, piece: BlockPiece): void {
    this.#item ??= item;
    if (this.#item === item) this.#write(piece);
    else this.#queueOf(item).pieces.push(piece);
  }

  /** Nothing more comes of the item. */
  done(item: number): void {
    const waiting = this.#waiting.get(item);
    if (waiting !== undefined) waiting.done = true;
    if (this.#item !== item) return;
    this.#close();
    this.#next();
  }

  #write({ opens, delta }: BlockPiece): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#writer.blockStart(this.#index, opens);
    }
    if (delta !== null) this.#writer.blockDelta(this.#index, delta);
  }

  #close(): void {
    this.#item = null;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#writer.blockStop(this.#index++);
  }

  /** Writes what waited, in the order of the items, up to one that is still being told. */
  #next(): void {
    while (this.#item === null && this.#waiting.size > 0) {
      const item = Math.min(...this.#waiting.keys());
      const waiting = this.#queueOf(item);
      this.#waiting.delete(item);
      this.#item = item;
      for (const piece of waiting.pieces) this.#write(piece);
      if (waiting.done) this.#close();
    }
  }

  #queueOf(item: number): Waiting {
    let waiting = this.#waiting.get(item);
    if (waiting === undefined) this.#waiting.set(item, (waiting = { pieces: [], done: false }));
    return waiting;
  }
}
