/**
 * Where the data plane meets the rest: who may enter, who serves, what models there are, where a turn's record goes.
 * The composition root hands in the implementations; the gateway knows only these shapes.
 */
import type { PooledUsage } from '../contract/quota';
import type { Blame, TurnRecord } from '../contract/turn-record';
import type { TightropeError } from '../platform/errors';

/** What the door needs of a request before its body is read. */
export interface Visitor {
  readonly remoteAddress: string | undefined;
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly rawHeaders: readonly string[];
}

/** Who sends a request, as the door found out. */
export interface Caller {
  /** The API key that let it in; `null` = it came without one. */
  readonly apiKeyId: string | null;
  /** Whether answers tell it which account served (design §10). */
  readonly seesAccount: boolean;
}

/** Who may enter. */
export interface Door {
  /** @throws TightropeError the refusal */
  admit(visitor: Visitor): Caller;
}

/** What an API key lets its turns do. Names in lower case; `null` = no restriction. */
export interface KeyRules {
  readonly models: ReadonlySet<string> | null;
  readonly accounts: ReadonlySet<string> | null;
  /** Weakest first. */
  readonly efforts: readonly string[] | null;
  readonly transports: ReadonlySet<string> | null;
  readonly enforcedModel: string | null;
  readonly enforcedEffort: string | null;
  /** `default` = none is sent. */
  readonly enforcedTier: string | null;
}

/** What a turn is about to ask for, for its reservation. */
export interface KeyDemand {
  readonly model: string | null;
  readonly serviceTier: string | null;
  readonly bodyBytes: number;
}

/** What a turn holds of its key's limits. */
export interface KeyReservation {
  /** Counts what the upstream really used instead, or gives everything back. Only the first call counts. */
  close(record: TurnRecord): void;
}

/** API keys in memory: nothing here waits for the database. */
export interface KeyRing {
  /** @throws TightropeError `invalid_api_key` when the key was deleted, switched off or has expired since it was admitted */
  rulesOf(keyId: string): KeyRules;
  /** @throws TightropeError `api_key_limit_exceeded`, `model_not_allowed` (a cost limit and no known price) */
  reserve(keyId: string, demand: KeyDemand): KeyReservation;
}

/** One login as the router sees it. Snapshots are replaced, never changed in place. */
export interface PoolAccount {
  readonly id: string;
  /** Workspace id for the `chatgpt-account-id` header; `null` = header left out. */
  readonly chatgptAccountId: string | null;
  readonly planType: string | null;
  /** Grows with every new login of the account, so that a late verdict on an old one does not bench the new. */
  readonly loginEpoch: number;
}

/** What a failed attempt means for the account. `untilMs` = UTC ms when it may be tried again. */
export interface AccountVerdict {
  readonly kind: 'limited' | 'quota_blocked' | 'reauth_required' | 'deactivated';
  readonly code: string;
  readonly message: string;
  readonly untilMs: number | null;
  /** `PoolAccount.loginEpoch` of the attempt the verdict is about; left out = the present login. */
  readonly loginEpoch?: number;
}

/** An account that is out of rotation, for explanations. */
export interface SidelinedAccount {
  readonly id: string;
  /** Its account status: `paused`, `rate_limited` … */
  readonly status: string;
  /** UTC ms at which it comes back by itself; `null` = it will not. */
  readonly untilMs: number | null;
}

/** The pool, in memory: nothing here awaits the database except token refresh. */
export interface AccountPool {
  /** Accounts that may serve now. The array is a snapshot in stable order (oldest first). */
  usable(nowMs: number): readonly PoolAccount[];
  /** Everybody else, as a held snapshot like `usable`; a pool that cannot tell leaves this out. */
  sidelined?(nowMs: number): readonly SidelinedAccount[];
  /** Accounts with a living login that is not paused, whether or not a limit keeps them out of rotation. */
  members(): readonly PoolAccount[];
  /** Accounts with tokens in any state but paused/deactivated; 0 = the pool is empty. */
  size(): number;
  /** Nearest time (UTC ms) at which a limited account comes back, `null` when none will by itself. */
  nearestReturnMs(nowMs: number): number | null;
  /** A token that is not known to be expired; refreshes ahead of expiry, one flight per account. */
  accessToken(accountId: string, signal: AbortSignal): Promise<string>;
  /** After a 401: a token other than `rejected`. One refresh per account however many ask. */
  replaceToken(accountId: string, rejected: string, signal: AbortSignal): Promise<string>;
  /** Takes an account out of rotation until its verdict passes. */
  report(accountId: string, verdict: AccountVerdict): void;
}

/** Catalogue for `/v1/models` and `/backend-api/codex/models`. */
export interface ModelSource {
  catalogue(clientVersion: string | undefined, signal: AbortSignal): Promise<Catalogue>;
}

/** `models` are the upstream's own objects (full Codex shape), `etag` a strong validator of exactly this list. */
export interface Catalogue {
  readonly models: readonly Readonly<Record<string, unknown>>[];
  readonly etag: string;
}

/** What an upstream error says about a limit; `null` = not said. Codes and types in lower case, times in ms (UTC). */
export interface LimitFacts {
  readonly code: string | null;
  readonly type: string | null;
  readonly planType: string | null;
  readonly resetsAtMs: number | null;
  readonly resetsInMs: number | null;
}

/** Where upstream's words about limits go, and where the pool's own come from. Called between two bytes: never waits, never throws. */
export interface PoolLimits {
  /** Headers of an answer or of a socket's 101, flat `name, value, …`. */
  noteHeaders(accountId: string, rawHeaders: readonly string[]): void;
  /** The data of a `codex.rate_limits` event. */
  noteEvent(accountId: string, data: Buffer): void;
  /**
   * A failed attempt with the headers of its answer and the model that was asked for.
   *
   * @returns what was refused for a limit: all that the account serves, or some models only; `null` = no limit is to blame
   */
  noteError(
    accountId: string,
    error: LimitFacts,
    context: { readonly headers: readonly string[]; readonly model: string | null },
  ): 'account' | 'model' | null;
  /** The pool's limits as headers of one account, flat; not to be changed. */
  pooledHeaders(nowMs: number): readonly string[];
  /** The pool's limits in the shape of upstream's usage answer. */
  pooledUsage(nowMs: number): PooledUsage;
}

/** Where the record of a closed turn goes. Must not block or throw. */
export interface TurnLedger {
  record(row: TurnRecord): void;
}

/** Whether new turns are taken: the proxy switch and the drain. Returns the refusal or `null`. */
export interface IntakeGate {
  refuse(): TightropeError | null;
}

export type { Blame };
