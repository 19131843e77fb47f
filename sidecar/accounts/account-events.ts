/** What happened to an account, worth telling a person. Kept and shown by the ledger's event service. */
export interface AccountEvent {
  readonly type:
    | 'account_imported'
    | 'account_paused'
    | 'account_reactivated'
    | 'account_removed'
    | 'account_changed'
    | 'account_pinned'
    | 'account_unpinned'
    | 'account_recovered'
    | 'account_plan_changed'
    | 'account_exhausted'
    | 'account_unusable'
    | 'token_refreshed'
    | 'token_refresh_failed'
    | 'token_persist_failed';
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly accountId: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Takes an event; neither blocks nor throws. */
export type PublishEvent = (event: AccountEvent) => void;
