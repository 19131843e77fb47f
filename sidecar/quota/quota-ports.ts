/** What quota needs of the rest: the accounts, and somebody who hears its news. `AccountsService` is the pool. */

/** An account as the poller sees it. */
export interface QuotaAccount {
  readonly id: string;
  /** Workspace id for the upstream's `chatgpt-account-id`; `null` = header left out. */
  readonly chatgptAccountId: string | null;
  readonly planType: string | null;
}

/** An account a person asks about, whatever its state. */
export interface KnownQuotaAccount extends QuotaAccount {
  /** What people call it. */
  readonly label: string;
  readonly hasLogin: boolean;
}

export interface QuotaAccounts {
  /** Accounts with a living login, limited ones included: whose usage is worth asking for. */
  members(): readonly QuotaAccount[];
  /** Those of them that are in rotation now. */
  usable(nowMs: number): readonly QuotaAccount[];
  /** `undefined` = there is no such account. */
  find(accountId: string): KnownQuotaAccount | undefined;
  accessToken(accountId: string, signal: AbortSignal): Promise<string>;
  /** A token other than `rejected`. */
  replaceToken(accountId: string, rejected: string, signal: AbortSignal): Promise<string>;
}

/** Hears what follows for an account. Called synchronously, on the request's path: neither blocks nor throws. */
export interface QuotaNews {
  /** Upstream names another plan than before. */
  planChanged(accountId: string, planType: string, previous: string | null): void;
  /** The account's own limit is open earlier than expected: a reset by staff, credits, a wrong refusal. */
  limitLifted(accountId: string): void;
  /** The account's own limit ends earlier than was said before, at `untilMs` (UTC ms): credits were bought. */
  limitShortened(accountId: string, untilMs: number): void;
  /** Upstream says that the account is deactivated. */
  deactivated(accountId: string, code: string, message: string): void;
}
