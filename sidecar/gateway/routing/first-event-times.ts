/**
 * How long accounts take to their first event, by model: one model thinks for a minute where another answers at once. Kept in
 * columns by model, so that a selection looks its model up once and then reads numbers.
 */
import { remaining } from './decaying-rate';

/** A time without a new sample reads as half of itself after this, so that a slow account is tried again: 2 minutes. */
const HALF_LIFE_MS = 120_000;
/** A new sample counts at least this much (spec/proxy.md 6.6: α = 0.2), and more the older the mean is. */
const LEAST_WEIGHT = 0.2;
/** Models are few; the one that was used longest ago makes room. */
const MOST_MODELS = 32;
/** Shorter times say nothing, and 0 means "not known", ms. */
const SHORTEST_MS = 1;
const FIRST_SLOTS = 64;

interface Column {
  meansMs: Float64Array<ArrayBuffer>;
  atMs: Float64Array<ArrayBuffer>;
}

export class FirstEventTimes {
  readonly #columns = new Map<string, Column>();

  /** A turn of `model` on the account of this slot got its first event after `ms`. */
  add(model: string, slot: number, ms: number, nowMs: number): void {
    const column = this.#columnFor(model);
    if (slot >= column.meansMs.length) grow(column, slot);
    const mean = column.meansMs[slot] ?? 0;
    const sample = Math.max(SHORTEST_MS, ms);
    const kept = mean === 0 ? 0 : Math.min(1 - LEAST_WEIGHT, remaining(nowMs - (column.atMs[slot] ?? 0), HALF_LIFE_MS));
    column.meansMs[slot] = kept * mean + (1 - kept) * sample;
    column.atMs[slot] = nowMs;
  }

  /** The times of one model, for `at`; `null` = none are known. */
  column(model: string | null): Column | null {
    return model === null ? null : (this.#columns.get(model) ?? null);
  }

  /** Mean time to the first event, ms; 0 = not known. */
  at(column: Column | null, slot: number, nowMs: number): number {
    const mean = column?.meansMs[slot] ?? 0;
    return mean === 0 ? 0 : mean * remaining(nowMs - (column?.atMs[slot] ?? 0), HALF_LIFE_MS);
  }

  /** The account of this slot has left. */
  forget(slot: number): void {
    for (const { meansMs } of this.#columns.values()) if (slot < meansMs.length) meansMs[slot] = 0;
  }

  #columnFor(model: string): Column {
    const column = this.#columns.get(model) ?? {
      meansMs: new Float64Array(FIRST_SLOTS),
      atMs: new Float64Array(FIRST_SLOTS),
    };
    // Entered anew with every use: a map keeps the order of entry, so the first one was used longest ago.
    this.#columns.delete(model);
    this.#columns.set(model, column);
    const [oldest] = this.#columns.keys();
    if (this.#columns.size > MOST_MODELS && oldest !== undefined) this.#columns.delete(oldest);
    return column;
  }
}

export type TimesColumn = ReturnType<FirstEventTimes['column']>;

function grow(column: Column, slot: number): void {
  const size = Math.max(slot + 1, column.meansMs.length * 2);
  const { meansMs, atMs } = column;
  column.meansMs = new Float64Array(size);
  column.meansMs.set(meansMs);
  column.atMs = new Float64Array(size);
  column.atMs.set(atMs);
}
