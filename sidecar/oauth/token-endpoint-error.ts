/** Why the provider gave no tokens. */

/** What is known of a call that gave no tokens. */
export interface RefusalFacts {
  /** HTTP status, `null` when no answer came. @default null */
  readonly status?: number | null;
  /** How long the provider asks to be left alone, ms. @default null */
  readonly retryAfterMs?: number | null;
  /** Whether the provider may have spent the token all the same: its answer was lost on the way. @default false */
  readonly mayBeSpent?: boolean;
}

/** A call that gave no tokens. `message` is safe to show. */
export class TokenEndpointError extends Error {
  override readonly name = 'TokenEndpointError';
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly mayBeSpent: boolean;

  constructor(
    /** The provider's code, else `http_<status>`, `oauth_transport_failed`, `invalid_response`. */
    readonly code: string,
    message: string,
    { status = null, retryAfterMs = null, mayBeSpent = false }: RefusalFacts = {},
  ) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.mayBeSpent = mayBeSpent;
  }
}
