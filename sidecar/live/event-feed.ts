/**
 * What changed, in one line of numbers: the stored runtime events and those that only live readers hear of. The newest
 * are kept in memory, so that a reader whose socket broke goes on where it was.
 */
import type { LiveEvent } from '../contract/live';

/** An event whose JSON is made once, for all readers, and only when there is one. */
export class FeedEntry {
  #bytes: Buffer | null = null;

  constructor(
    readonly seq: number,
    readonly type: string,
    readonly atMs: number,
    readonly data: () => LiveEvent['data'],
  ) {}

  /** The message as UTF-8. */
  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(
      JSON.stringify({ seq: this.seq, type: this.type, atMs: this.atMs, data: this.data() } satisfies LiveEvent),
    );
    return this.#bytes;
  }
}

/** Events that a reader may have missed and still get. */
export const KEPT_EVENTS = 1000;

export class EventFeed {
  readonly #kept: FeedEntry[] = [];
  readonly #listeners = new Set<(entries: readonly FeedEntry[]) => void>();
  #fresh: FeedEntry[] = [];
  /** Seq below which everything is gone; a reader that stopped before it has missed something. */
  #forgottenSeq: number;
  #flush: NodeJS.Immediate | null = null;

  /** @param startSeq the last seq that was given before this process could keep any */
  constructor(startSeq: number) {
    this.#forgottenSeq = startSeq;
  }

  /** Takes an event in order of `seq`; readers hear of it in the next turn of the event loop, many at once. */
  add(entry: FeedEntry): void {
    this.#kept.push(entry);
    if (this.#kept.length > KEPT_EVENTS) this.#forgottenSeq = this.#kept.shift()?.seq ?? this.#forgottenSeq;
    if (this.#listeners.size === 0) return;
    this.#fresh.push(entry);
    this.#flush ??= setImmediate(() => this.#deliver());
  }

  /** The events after `seq`; `null` when some of them are gone, or `seq` was never given here. */
  after(seq: number): readonly FeedEntry[] | null {
    if (seq < this.#forgottenSeq || seq > this.lastSeq) return null;
    return this.#kept.filter((entry) => entry.seq > seq);
  }

  /** Seq of the newest event. */
  get lastSeq(): number {
    return this.#kept.at(-1)?.seq ?? this.#forgottenSeq;
  }

  /** Hears of every event from now on, each once. The returned function ends that. */
  listen(listener: (entries: readonly FeedEntry[]) => void): () => void {
    this.#deliver();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Nothing is delivered after this. */
  close(): void {
    if (this.#flush !== null) clearImmediate(this.#flush);
    this.#flush = null;
    this.#listeners.clear();
  }

  #deliver(): void {
    if (this.#flush !== null) clearImmediate(this.#flush);
    this.#flush = null;
    const fresh = this.#fresh;
    if (fresh.length === 0) return;
    this.#fresh = [];
    for (const listener of [...this.#listeners]) listener(fresh);
  }
}
