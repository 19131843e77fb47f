/** A request body while the rules look at it: the bytes, the scan, and the changes that are wanted so far. */
import { applyPatches, objectPatches } from './edits';
import type { Edit, Patch } from './edits';
import { kindAt, scanArrayItems, scanObjectAt, scanTopLevel } from './top-level';
import type { JsonKind, Span, TopLevel } from './top-level';

/** Changes are collected and applied in one copy; a draft that no rule touches hands back the Buffer it got. */
export class RequestDraft {
  #bytes: Buffer;
  #scan: TopLevel;
  #edits = new Map<string, Edit>();
  #patches: Patch[] = [];
  readonly #itemsOf = new Map<string, readonly Span[]>();

  /** Throws `invalid_json` when the body is not one JSON object. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#scan = scanTopLevel(bytes);
  }

  /** The bytes that `top`, `items` and their offsets refer to; wanted changes are not in them yet. */
  get body(): Buffer {
    return this.#bytes;
  }

  get top(): TopLevel {
    return this.#scan;
  }

  /** Kind of a field with the wanted changes in mind. */
  kind(key: string): JsonKind | undefined {
    const edit = this.#edits.get(key);
    if (edit === undefined) return this.#scan.kind(key);
    return edit.op === 'remove' ? undefined : kindAt(Buffer.from(edit.json), 0);
  }

  /** Decoded string field with the wanted changes in mind; `undefined` for every other kind. */
  string(key: string): string | undefined {
    const edit = this.#edits.get(key);
    if (edit === undefined) return this.#scan.string(key);
    return edit.op === 'set' && edit.json.startsWith('"') ? String(JSON.parse(edit.json)) : undefined;
  }

  /** JSON text of a field with the wanted changes in mind. */
  text(key: string): string | undefined {
    const edit = this.#edits.get(key);
    if (edit !== undefined) return edit.op === 'set' ? edit.json : undefined;
    const span = this.#scan.span(key);
    return span === undefined ? undefined : this.#bytes.toString('utf8', span.valueStart, span.valueEnd);
  }

  /** The scanned object that a field holds; only for fields no rule has set. */
  object(key: string): TopLevel | undefined {
    const span = this.#scan.span(key);
    if (span === undefined || this.#edits.has(key) || this.#scan.kind(key) !== 'object') return undefined;
    return scanObjectAt(this.#bytes, span.valueStart, span.valueEnd);
  }

  /** Spans of the items of an array field; settles changes inside values first so that the offsets hold. */
  items(key: string): readonly Span[] {
    if (this.#patches.length > 0) this.#settle();
    const known = this.#itemsOf.get(key);
    if (known !== undefined) return known;
    const span = this.#scan.span(key);
    const items = span === undefined || this.#scan.kind(key) !== 'array' ? [] : scanArrayItems(this.#bytes, span);
    this.#itemsOf.set(key, items);
    return items;
  }

  /** `json` is JSON text. */
  set(key: string, json: string): void {
    this.#edits.set(key, { op: 'set', key, json });
  }

  remove(key: string): void {
    this.#edits.set(key, { op: 'remove', key });
  }

  /** Changes inside a field's value: sorted and disjoint, in the offsets of `body`. */
  splice(patches: readonly Patch[]): void {
    this.#patches.push(...patches);
  }

  /** Goes on with other bytes, dropping nothing that was wanted of the old ones. */
  replace(body: Buffer): void {
    this.#bytes = body;
    this.#scan = scanTopLevel(body);
    this.#itemsOf.clear();
  }

  /** The body with all changes in it: the very Buffer that came when there are none. */
  finish(): Buffer {
    if (this.#edits.size > 0 || this.#patches.length > 0) this.#settle();
    return this.#bytes;
  }

  #settle(): void {
    const all = [...objectPatches(this.#scan, [...this.#edits.values()]), ...this.#patches];
    all.sort((a, b) => a.start - b.start || a.end - b.end);
    this.#edits = new Map();
    this.#patches = [];
    this.replace(applyPatches(this.#bytes, all));
  }
}
