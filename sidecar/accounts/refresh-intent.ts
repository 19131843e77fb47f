/**
 * Refresh tokens are single-use, and presenting one twice kills the login (codex-wire 2.10). So before one is presented
 * its fingerprint goes into the account's row, and it is cleared with the provider's answer. A fingerprint that a start
 * finds there was left by a process that died in between: that token may be spent and is never presented again
 * (.github/decisions/refresh-intent.md).
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../platform/clock';
import type { AccountPatch, AccountRow } from './account-row';
import type { AccountsStore } from './accounts-store';
import type { RunTransaction } from './login-writer';
import type { RosterEntry } from './roster';

/** Whether a refresh token may be presented now. `newer` = the row holds a later login; `gone` = there is no row. */
export type Clearance =
  { readonly kind: 'clear' | 'gone' } | { readonly kind: 'newer' | 'in_doubt'; readonly row: AccountRow };

/** Columns of an account whose refresh has been answered. */
export const NO_INTENT = {
  token_refresh_intent_hash: null,
  token_refresh_intent_at_ms: null,
} as const satisfies AccountPatch;

/** Whether an earlier process died while it presented this account's refresh token. */
export function isInDoubt({ facts, tokens }: Pick<RosterEntry, 'facts' | 'tokens'>): boolean {
  const { token_refresh_intent_hash: hash } = facts;
  const refreshToken = tokens?.refreshToken ?? null;
  return hash !== null && refreshToken !== null && hash === fingerprint(refreshToken);
}

interface RefreshIntentsOptions {
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly clock: Clock;
}

export class RefreshIntents {
  readonly #options: RefreshIntentsOptions;
  /**
   * By account the token whose answer this process has had: then a fingerprint in the row only says that the database
   * has not taken yet that it is cleared.
   */
  readonly #answered = new Map<string, string>();

  constructor(options: RefreshIntentsOptions) {
    this.#options = options;
  }

  /**
   * Looks at the newest row and, if nothing speaks against it, writes down that the token is about to be presented.
   * Rejects with the database's error; the token must not be presented then.
   */
  async declare({ facts }: RosterEntry, refreshToken: string): Promise<Clearance> {
    const { store, transaction, clock } = this.#options;
    const hash = fingerprint(refreshToken);
    const clearance = await transaction(async (trx): Promise<Clearance> => {
      const row = await store.byId(facts.id, trx);
      if (row === undefined) return { kind: 'gone' };
      if (row.token_generation > facts.token_generation) return { kind: 'newer', row };
      if (row.token_refresh_intent_hash === hash && this.#answered.get(row.id) !== hash)
        return { kind: 'in_doubt', row };
      const intent = { token_refresh_intent_hash: hash, token_refresh_intent_at_ms: clock.now() };
      await store.changeAt(trx, row.id, row.token_generation, intent);
      return { kind: 'clear' };
    });
    if (clearance.kind === 'clear') this.#answered.delete(facts.id);
    return clearance;
  }

  /** The provider has answered, or was never reached: the token may be presented again. */
  answered(accountId: string, refreshToken: string): void {
    this.#answered.set(accountId, fingerprint(refreshToken));
  }
}

/** Tells tokens apart without telling the token: they are far too long to be guessed from it. */
function fingerprint(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}
