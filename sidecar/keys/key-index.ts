/** The keys in memory, found by the hash of their secret or by id. Entries are replaced whole. */
import type { KeyMeter } from './key-meter';
import type { KeyTerms } from './key-row';
import { hashOf, sameHash } from './key-secret';

/** What a key lets its turns do; names in lower case, `null` = no restriction. */
export interface KeyRules {
  readonly models: ReadonlySet<string> | null;
  readonly accounts: ReadonlySet<string> | null;
  readonly efforts: readonly string[] | null;
  readonly transports: ReadonlySet<string> | null;
  readonly enforcedModel: string | null;
  readonly enforcedEffort: string | null;
  readonly enforcedTier: string | null;
}

export interface KeyEntry {
  readonly id: string;
  readonly hash: string;
  readonly prefix: string;
  readonly createdAtMs: number;
  readonly terms: KeyTerms;
  readonly rules: KeyRules;
  /** The same object for as long as the key lives. */
  readonly meter: KeyMeter;
}

export class KeyIndex {
  readonly #byId = new Map<string, KeyEntry>();
  readonly #byHash = new Map<string, KeyEntry>();

  /** Oldest first. */
  all(): readonly KeyEntry[] {
    return [...this.#byId.values()];
  }

  get(id: string): KeyEntry | undefined {
    return this.#byId.get(id);
  }

  /** The key with this secret. The map is asked by a hash nobody can steer, and the hit is compared in constant time. */
  find(secret: string): KeyEntry | undefined {
    const hash = hashOf(secret);
    const entry = this.#byHash.get(hash);
    return entry !== undefined && sameHash(entry.hash, hash) ? entry : undefined;
  }

  put(entry: KeyEntry): void {
    const before = this.#byId.get(entry.id);
    if (before !== undefined) this.#byHash.delete(before.hash);
    this.#byId.set(entry.id, entry);
    this.#byHash.set(entry.hash, entry);
  }

  remove(id: string): void {
    const entry = this.#byId.get(id);
    if (entry === undefined) return;
    this.#byId.delete(id);
    this.#byHash.delete(entry.hash);
  }
}

/** An entry with the rules that follow from its terms. */
export function keyEntry(parts: Omit<KeyEntry, 'rules'>): KeyEntry {
  return { ...parts, rules: rulesOf(parts.terms) };
}

function rulesOf(terms: KeyTerms): KeyRules {
  return Object.freeze({
    models: restriction(terms.allowedModels.map((name) => name.toLowerCase())),
    accounts: restriction(terms.allowedAccountIds),
    efforts: terms.allowedEfforts.length === 0 ? null : terms.allowedEfforts,
    transports: restriction(terms.allowedTransports),
    enforcedModel: terms.enforcedModel,
    enforcedEffort: terms.enforcedReasoningEffort,
    enforcedTier: terms.enforcedServiceTier,
  });
}

function restriction(names: readonly string[]): ReadonlySet<string> | null {
  return names.length === 0 ? null : new Set(names);
}
