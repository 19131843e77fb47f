/** Conversations as people see them: list, forget, release, move. Works on the table that routing uses. */
import type { Session, SessionKind, SessionPage, SessionPurge } from '../contract/session';
import { TightropeError } from '../platform/errors';

/** One conversation and its account; see `gateway/routing/affinity-table.ts`. */
interface Affinity {
  readonly scope: string;
  readonly kind: SessionKind;
  readonly key: string;
  readonly accountId: string | null;
  readonly cachedTokens: number | null;
  readonly updatedAtMs: number;
  readonly expiresAtMs: number;
}

export interface SessionsParts {
  readonly table: {
    list(): readonly Affinity[];
    bind(key: Pick<Affinity, 'scope' | 'kind' | 'key'>, accountId: string | null): void;
    remove(matches: (row: Affinity) => boolean): number;
  };
  readonly findAccount: (
    id: string,
  ) => { readonly label: string; readonly chatgptAccountId: string | null } | undefined;
  /** UTC ms. */
  readonly now: () => number;
}

const USUAL_LIMIT = 500;
const HIGHEST_LIMIT = 2000;
const KINDS: readonly string[] = ['codex_session', 'sticky_thread', 'prompt_cache'] satisfies SessionKind[];

export class SessionsService {
  readonly #parts: SessionsParts;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** Newest first. Numbers that are none count as not given (spec/admin-api.md 7.3). */
  page({ limit, offset }: { readonly limit?: string; readonly offset?: string }): SessionPage {
    const all = this.#parts.table.list();
    const from = wholeNumber(offset) ?? 0;
    const count = Math.min(HIGHEST_LIMIT, Math.max(1, wholeNumber(limit) ?? USUAL_LIMIT));
    const sessions = all.slice(from, from + count).map((row) => this.#view(row));
    return { generatedAtMs: this.#parts.now(), total: all.length, sessions };
  }

  /** @throws TightropeError `session_not_found` */
  remove(key: string, kind?: SessionKind): void {
    if (this.#parts.table.remove((row) => matches(row, key, kind)) === 0) throw new TightropeError('session_not_found');
  }

  /** @throws TightropeError `session_not_found` */
  release(key: string, kind?: SessionKind): void {
    this.#rebind(key, kind, null);
  }

  /** @throws TightropeError `session_not_found`, `account_not_found` */
  move(key: string, kind: SessionKind | undefined, accountId: string): void {
    if (this.#parts.findAccount(accountId) === undefined) throw new TightropeError('account_not_found');
    this.#rebind(key, kind, accountId);
  }

  /** @throws TightropeError `invalid_scope`, `invalid_kind`. Returns how many were forgotten. */
  purge({ scope = 'stale', kind, accountId }: SessionPurge): number {
    if (scope !== 'stale' && scope !== 'all') throw new TightropeError('invalid_scope', { param: 'scope' });
    if (kind !== undefined && !KINDS.includes(kind)) throw new TightropeError('invalid_kind', { param: 'kind' });
    const nowMs = this.#parts.now();
    return this.#parts.table.remove(
      (row) =>
        (scope === 'all' || row.expiresAtMs <= nowMs) &&
        (kind === undefined || row.kind === kind) &&
        (accountId === undefined || row.accountId === accountId),
    );
  }

  #rebind(key: string, kind: SessionKind | undefined, accountId: string | null): void {
    const rows = this.#parts.table.list().filter((row) => matches(row, key, kind));
    if (rows.length === 0) throw new TightropeError('session_not_found');
    for (const row of rows) this.#parts.table.bind(row, accountId);
  }

  #view({ scope, kind, key, accountId, cachedTokens, updatedAtMs, expiresAtMs }: Affinity): Session {
    const account = accountId === null ? undefined : this.#parts.findAccount(accountId);
    return {
      sessionKey: key,
      kind,
      accountId,
      chatgptAccountId: account?.chatgptAccountId ?? null,
      accountLabel: account?.label ?? null,
      apiKeyId: scope === '' ? null : scope,
      cachedTokens,
      updatedAtMs,
      expiresAtMs,
    };
  }
}

function matches(row: Affinity, key: string, kind: SessionKind | undefined): boolean {
  return row.key === key && (kind === undefined || row.kind === kind);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}
