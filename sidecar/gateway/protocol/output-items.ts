/** The output items of one response, found again by whatever the upstream names them by. */
import { countOf, isRecord, textOf, type Json } from './json-record';
import { kindOfItem, OutputItem, type ItemKind } from './output-item';

export class OutputItems {
  readonly #items: OutputItem[] = [];

  [Symbol.iterator](): IterableIterator<OutputItem> {
    return this.#items.values();
  }

  /**
   * The item a delta belongs to. Upstream names it by `output_index` and `item_id`, never by `call_id` (proxy.md 3.4.1);
   * an event that names nothing means the newest item of its kind.
   */
  ofEvent(event: Json, kind: ItemKind): OutputItem {
    const index = countOf(event['output_index']);
    const id = textOf(event['item_id']);
    const isNamed = index !== undefined || id !== undefined;
    const found = isNamed
      ? this.#items.findLast((item) => item.kind === kind && isSame(item, index, id))
      : this.#items.findLast((item) => item.kind === kind && !item.done);
    return found ?? this.#add(kind, index, id);
  }

  /** The message at this place, if it has been told that it is there. */
  messageAt(outputIndex: number): OutputItem | undefined {
    return this.#items.findLast((item) => item.outputIndex === outputIndex && item.kind === 'message');
  }

  /** The item of an `output_item` event. */
  ofSnapshot(snapshot: Json, outputIndex: number | undefined): OutputItem {
    const kind = kindOfItem(snapshot['type']);
    const id = textOf(snapshot['id']);
    const callId = textOf(snapshot['call_id']);
    const sameKind = this.#items.filter((item) => item.kind === kind);
    const found =
      sameKind.find((item) => callId !== undefined && item.callId === callId) ??
      sameKind.find((item) => isSame(item, outputIndex, id) && (callId ?? item.callId) === (item.callId ?? callId));
    return learn(found ?? this.#add(kind, outputIndex, id), snapshot);
  }

  /**
   * The items of the terminal event's `output`, in its order. Places there need not be those of the stream, so without a
   * common id the n-th item of a kind is the n-th of that kind in the stream.
   */
  ofOutput(output: readonly unknown[]): [item: OutputItem, snapshot: Json][] {
    const streamed = [...this.#items];
    const seen = new Map<ItemKind, number>();
    return output.filter(isRecord).map((snapshot) => {
      const kind = kindOfItem(snapshot['type']);
      const nth = seen.get(kind) ?? 0;
      seen.set(kind, nth + 1);
      const sameKind = streamed.filter((item) => item.kind === kind);
      const named = sameKind.find((item) => isNamedLike(item, snapshot));
      const item = named ?? sameKind[nth] ?? this.#add(kind, undefined, textOf(snapshot['id']));
      return [learn(item, snapshot), snapshot];
    });
  }

  #add(kind: ItemKind, outputIndex: number | undefined, id: string | undefined): OutputItem {
    const item = new OutputItem(this.#items.length, kind);
    item.outputIndex = outputIndex;
    item.id = id;
    this.#items.push(item);
    return item;
  }
}

/** By place first: ids of one item have been seen to differ between events. */
function isSame(item: OutputItem, index: number | undefined, id: string | undefined): boolean {
  if (index !== undefined && item.outputIndex !== undefined) return item.outputIndex === index;
  return id !== undefined && item.id === id;
}

function isNamedLike(item: OutputItem, snapshot: Json): boolean {
  const callId = textOf(snapshot['call_id']);
  if (callId !== undefined && item.callId !== undefined) return callId === item.callId;
  return item.id !== undefined && item.id === textOf(snapshot['id']);
}

function learn(item: OutputItem, snapshot: Json): OutputItem {
  item.id ??= textOf(snapshot['id']);
  item.callId ??= textOf(snapshot['call_id']);
  item.name ??= textOf(snapshot['name']);
  return item;
}
