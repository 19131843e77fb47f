/**
 * Which account made which opaque value: response ids, turn states, files, ciphertext, realtime calls, goals of threads, reset
 * credits and what they were redeemed by. Held in memory within a bound, least
 * recently used first out; every change is handed to a sink that stores it behind the response's back.
 */
import { fingerprint } from '../protocol/fingerprint';

export const OWNED_KINDS = ['response', 'turn_state', 'file', 'ciphertext', 'call', 'goal', 'redemption'] as const;
export type OwnedKind = (typeof OWNED_KINDS)[number];

/** One fact, as it is stored. `mark` is a short name of the value, never the value; times UTC ms. */
export interface OwnerRow {
  /** API key id; `''` = no key. What one key's clients were given means nothing for another's. */
  readonly scope: string;
  readonly kind: OwnedKind;
  readonly mark: string;
  readonly accountId: string;
  readonly expiresAtMs: number;
}

/** Takes rows to be stored. Neither waits nor throws. */
export interface OwnerSink {
  saveOwner(row: OwnerRow): void;
}

export interface OwnerIndexParts {
  readonly sink: OwnerSink;
  /** UTC ms. */
  readonly now: () => number;
  /** How long an unused response id is remembered, ms (spec/proxy.md 5.6: 30 min). */
  readonly responseMs: number;
  /** Facts held at most. */
  readonly capacity?: number;
}

interface Fact {
  readonly accountId: string;
  readonly expiresAtMs: number;
}

/** Facts held at most unless said otherwise; about 150 bytes each, 15 MB in all. */
export const MOST_OWNERS = 100_000;
/** A turn state was seen to live for about an hour (codex-wire 2.6). */
const TURN_STATE_MS = 2 * 3_600_000;
/** A realtime call is over within an hour; its sideband may come late. */
const CALL_MS = 2 * 3_600_000;
/** Threads are resumed weeks later, with their ciphertext and files. */
const LASTING_MS = 30 * 24 * 3_600_000;

export class OwnerIndex {
  readonly #parts: OwnerIndexParts;
  readonly #capacity: number;
  readonly #lifetimes: Readonly<Record<OwnedKind, number>>;
  readonly #facts = new Map<string, Fact>();

  constructor(parts: OwnerIndexParts) {
    this.#parts = parts;
    this.#capacity = parts.capacity ?? MOST_OWNERS;
    this.#lifetimes = {
      response: parts.responseMs,
      turn_state: TURN_STATE_MS,
      file: LASTING_MS,
      ciphertext: LASTING_MS,
      call: CALL_MS,
      goal: LASTING_MS,
      redemption: LASTING_MS,
    };
  }

  get size(): number {
    return this.#facts.size;
  }

  /** Who made this value; `null` = not known here, or not to this key. */
  ownerOf(scope: string, kind: OwnedKind, value: string): string | null {
    return this.ownerOfMark(scope, kind, fingerprint(value));
  }

  ownerOfMark(scope: string, kind: OwnedKind, mark: string): string | null {
    const name = nameOf(scope, kind, mark);
    const fact = this.#facts.get(name);
    if (fact === undefined) return null;
    if (fact.expiresAtMs <= this.#parts.now()) {
      this.#facts.delete(name);
      return null;
    }
    this.#put(name, fact);
    return fact.accountId;
  }

  learn(scope: string, kind: OwnedKind, value: string, accountId: string): void {
    this.learnMark(scope, kind, fingerprint(value), accountId);
  }

  learnMark(scope: string, kind: OwnedKind, mark: string, accountId: string): void {
    const name = nameOf(scope, kind, mark);
    const nowMs = this.#parts.now();
    const lifetimeMs = this.#lifetimes[kind];
    const known = this.#facts.get(name);
    // What is shown again and again (a file in every request) is written again only when half its life is over.
    if (known?.accountId === accountId && known.expiresAtMs - nowMs > lifetimeMs / 2) return;
    const fact: Fact = { accountId, expiresAtMs: nowMs + lifetimeMs };
    this.#put(name, fact);
    this.#parts.sink.saveOwner({ scope, kind, mark, ...fact });
  }

  /** Takes in what was stored, the longest-lived last. */
  load(rows: Iterable<OwnerRow>): void {
    for (const { scope, kind, mark, accountId, expiresAtMs } of rows) {
      this.#put(nameOf(scope, kind, mark), { accountId, expiresAtMs });
    }
  }

  #put(name: string, fact: Fact): void {
    this.#facts.delete(name);
    this.#facts.set(name, fact);
    if (this.#facts.size <= this.#capacity) return;
    const [oldest] = this.#facts.keys();
    if (oldest !== undefined) this.#facts.delete(oldest);
  }
}

function nameOf(scope: string, kind: OwnedKind, mark: string): string {
  return `${scope} ${kind} ${mark}`;
}
