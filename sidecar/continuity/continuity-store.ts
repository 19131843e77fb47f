/** The tables `continuity_owners` and `proxy_sticky_sessions`. Written in batches behind the turns, read once at start. */
import type { AppendTarget, Database } from '../platform/database';
import { upsertFromJson } from '../platform/dialect';

/** Who made an opaque value; `mark` is its short hash. Times UTC ms. */
export interface StoredOwner<Kind extends string = string> {
  readonly scope: string;
  readonly kind: Kind;
  readonly mark: string;
  readonly accountId: string;
  readonly expiresAtMs: number;
}

/** Who serves a conversation; `accountId` `null` = released. */
export interface StoredAffinity<Kind extends string = string> {
  readonly scope: string;
  readonly kind: Kind;
  readonly key: string;
  readonly accountId: string | null;
  readonly cachedTokens: number | null;
  readonly updatedAtMs: number;
  readonly expiresAtMs: number;
}

interface OwnerRow {
  readonly api_key_scope: string;
  readonly kind: string;
  readonly mark: string;
  readonly account_id: string;
  readonly expires_at_ms: number;
}

interface AffinityRow {
  readonly api_key_scope: string;
  readonly kind: string;
  readonly session_key: string;
  readonly account_id: string | null;
  readonly cached_tokens: number | null;
  readonly updated_at_ms: number;
  readonly expires_at_ms: number;
}

const OWNERS = 'continuity_owners';
const AFFINITIES = 'proxy_sticky_sessions';

const OWNERS_TARGET: AppendTarget = {
  name: OWNERS,
  statement: upsertFromJson(OWNERS, ['api_key_scope', 'kind', 'mark'], ['account_id', 'expires_at_ms']),
};
const AFFINITIES_TARGET: AppendTarget = {
  name: AFFINITIES,
  statement: upsertFromJson(
    AFFINITIES,
    ['api_key_scope', 'kind', 'session_key'],
    ['account_id', 'cached_tokens', 'updated_at_ms', 'expires_at_ms'],
  ),
};

export class ContinuityStore {
  readonly #database: Pick<Database, 'read' | 'write'>;

  constructor(database: Pick<Database, 'read' | 'write'>) {
    this.#database = database;
  }

  saveOwner({ scope, kind, mark, accountId, expiresAtMs }: StoredOwner): void {
    const row: OwnerRow = { api_key_scope: scope, kind, mark, account_id: accountId, expires_at_ms: expiresAtMs };
    this.#database.write.append(OWNERS_TARGET, row);
  }

  saveAffinity(affinity: StoredAffinity): void {
    const row: AffinityRow = {
      api_key_scope: affinity.scope,
      kind: affinity.kind,
      session_key: affinity.key,
      account_id: affinity.accountId,
      cached_tokens: affinity.cachedTokens,
      updated_at_ms: affinity.updatedAtMs,
      expires_at_ms: affinity.expiresAtMs,
    };
    this.#database.write.append(AFFINITIES_TARGET, row);
  }

  /** The longest-lived facts of these kinds that are still true, at most `limit`, the longest-lived last. */
  async owners<Kind extends string>(
    kinds: readonly Kind[],
    nowMs: number,
    limit: number,
  ): Promise<StoredOwner<Kind>[]> {
    const rows = await this.#database
      .read<OwnerRow>(OWNERS)
      .where('expires_at_ms', '>', nowMs)
      .orderBy('expires_at_ms', 'desc')
      .limit(limit)
      .select();
    return rows.reverse().flatMap((row) => {
      const kind = kinds.find((one) => one === row.kind);
      if (kind === undefined) return [];
      const { api_key_scope: scope, mark, account_id: accountId, expires_at_ms: expiresAtMs } = row;
      return [{ scope, kind, mark, accountId, expiresAtMs }];
    });
  }

  /** The newest bindings of these kinds that are still alive, at most `limit`, the newest last. */
  async affinities<Kind extends string>(
    kinds: readonly Kind[],
    nowMs: number,
    limit: number,
  ): Promise<StoredAffinity<Kind>[]> {
    const rows = await this.#database
      .read<AffinityRow>(AFFINITIES)
      .where('expires_at_ms', '>', nowMs)
      .orderBy('updated_at_ms', 'desc')
      .limit(limit)
      .select();
    return rows.reverse().flatMap((row) => {
      const kind = kinds.find((one) => one === row.kind);
      return kind === undefined ? [] : [affinityOf(row, kind)];
    });
  }

  /** Deletes what has expired. */
  async deleteExpired(nowMs: number): Promise<void> {
    await this.#database.write.transaction(async (trx) => {
      for (const table of [OWNERS, AFFINITIES]) await trx(table).where('expires_at_ms', '<=', nowMs).delete();
    });
  }
}

function affinityOf<Kind extends string>(row: AffinityRow, kind: Kind): StoredAffinity<Kind> {
  return {
    scope: row.api_key_scope,
    kind,
    key: row.session_key,
    accountId: row.account_id,
    cachedTokens: row.cached_tokens,
    updatedAtMs: row.updated_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
}
