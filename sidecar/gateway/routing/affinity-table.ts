/**
 * Which account serves which conversation: by session and thread, so that sub-agents spread, or by prompt-cache key. Held in
 * memory within a bound, stored behind the response's back; what people see and release as sessions (spec/admin-api.md 7.3).
 */

export const AFFINITY_KINDS = ['codex_session', 'sticky_thread', 'prompt_cache'] as const;
export type AffinityKind = (typeof AFFINITY_KINDS)[number];

/** Who a conversation is, before anybody serves it. */
export interface AffinityKey {
  /** API key id; `''` = no key. */
  readonly scope: string;
  readonly kind: AffinityKind;
  readonly key: string;
}

/** One conversation and its account; times UTC ms. Replaced, never changed in place. */
export interface Affinity extends AffinityKey {
  /** `null` = a person released it: nothing that could go elsewhere holds it until it has been served again. */
  readonly accountId: string | null;
  /** Tokens that the upstream last read from its cache for it: what a move throws away; `null` = not known. */
  readonly cachedTokens: number | null;
  readonly updatedAtMs: number;
  readonly expiresAtMs: number;
}

/** Takes rows to be stored; one that has expired is as good as removed. Neither waits nor throws. */
export interface AffinitySink {
  saveAffinity(row: Affinity): void;
}

export interface AffinityTableParts {
  readonly sink: AffinitySink;
  /** UTC ms. */
  readonly now: () => number;
  /** How long an unused binding lives, ms. */
  readonly lifetimeMs: (kind: AffinityKind) => number;
  readonly capacity?: number;
}

/** Conversations held at most unless said otherwise. */
export const MOST_AFFINITIES = 20_000;

export class AffinityTable {
  readonly #parts: AffinityTableParts;
  readonly #rows = new Map<string, Affinity>();

  constructor(parts: AffinityTableParts) {
    this.#parts = parts;
  }

  /** The live binding of a conversation. */
  find(key: AffinityKey): Affinity | undefined {
    const row = this.#rows.get(nameOf(key));
    return row !== undefined && row.expiresAtMs > this.#parts.now() ? row : undefined;
  }

  /** Binds a conversation, or keeps it bound. `cachedTokens` left out = as it was. */
  bind(key: AffinityKey, accountId: string | null, cachedTokens?: number | null): void {
    const nowMs = this.#parts.now();
    const before = this.find(key);
    const isSame = before?.accountId === accountId;
    const cached = cachedTokens === undefined ? (isSame ? before.cachedTokens : null) : cachedTokens;
    const row = {
      scope: key.scope,
      kind: key.kind,
      key: key.key,
      accountId,
      cachedTokens: cached,
      updatedAtMs: nowMs,
      expiresAtMs: nowMs + this.#parts.lifetimeMs(key.kind),
    };
    this.#put(row);
    this.#parts.sink.saveAffinity(row);
  }

  /** Every binding, newest first, then by key; those that have expired too until they are purged. */
  list(): Affinity[] {
    return [...this.#rows.values()].sort((a, b) => b.updatedAtMs - a.updatedAtMs || (a.key < b.key ? -1 : 1));
  }

  /** Forgets those that match; returns how many. */
  remove(matches: (row: Affinity) => boolean): number {
    const gone = [...this.#rows.values()].filter(matches);
    for (const row of gone) {
      this.#rows.delete(nameOf(row));
      this.#parts.sink.saveAffinity({ ...row, expiresAtMs: 0 });
    }
    return gone.length;
  }

  dropExpired(): void {
    const nowMs = this.#parts.now();
    for (const [name, { expiresAtMs }] of this.#rows) if (expiresAtMs <= nowMs) this.#rows.delete(name);
  }

  /** Takes in what was stored, the newest last. */
  load(rows: Iterable<Affinity>): void {
    for (const row of rows) this.#put(row);
  }

  #put(row: Affinity): void {
    const name = nameOf(row);
    this.#rows.delete(name);
    this.#rows.set(name, row);
    if (this.#rows.size <= (this.#parts.capacity ?? MOST_AFFINITIES)) return;
    const [oldest] = this.#rows.keys();
    if (oldest !== undefined) this.#rows.delete(oldest);
  }
}

function nameOf({ scope, kind, key }: AffinityKey): string {
  return `${scope} ${kind} ${key}`;
}
