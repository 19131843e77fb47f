/** Whether an account's access token can still be sent upstream: its own end is one side, upstream's refusal the other. */
import type { Clock } from '../platform/clock';
import type { RosterEntry } from './roster';

/** A token that ends sooner than this, ms, is as good as ended: it must arrive before it does. */
export const STILL_GOOD_MS = 5_000;

export class ServingTokens {
  readonly #clock: Clock;
  /** The last token of an account that upstream has refused. */
  readonly #refused = new Map<string, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Upstream has answered this token with 401. */
  refused(accountId: string, accessToken: string): void {
    this.#refused.set(accountId, accessToken);
  }

  /** The account has a new token. */
  renewed(accountId: string): void {
    this.#refused.delete(accountId);
  }

  isRefused({ facts, tokens }: Pick<RosterEntry, 'facts' | 'tokens'>): boolean {
    return tokens !== null && this.#refused.get(facts.id) === tokens.accessToken;
  }

  /** Life left of the account's token, ms; unlimited when the token does not say. */
  leftMs({ facts }: Pick<RosterEntry, 'facts'>): number {
    const expiresAtMs = facts.access_token_expires_at_ms;
    return expiresAtMs === null ? Infinity : expiresAtMs - this.#clock.now();
  }

  /** Whether the token has neither ended nor been refused. */
  serves(entry: Pick<RosterEntry, 'facts' | 'tokens'>): boolean {
    return entry.tokens !== null && !this.isRefused(entry) && this.leftMs(entry) > STILL_GOOD_MS;
  }
}
