/** The ties of a call that is no generation: it is bound by who owns what it names, or by its conversation, and goes as it is. */
import type { Obstacle } from '../protocol/account-neutral';
import { NO_TIES, type RequestTies } from '../protocol/request-ties';
import type { BoundRequest } from '../routing/binding';
import type { Continuity } from '../routing/continuity';
import type { OwnedKind } from '../routing/owner-index';
import type { Binding } from '../routing/routing-ports';
import { LearnedValues } from './learned-values';
import type { Turn } from './turn';
import type { FittedRequest, Ties } from './turn-ties';

export class CallTies implements Ties {
  readonly bound: BoundRequest;
  readonly isTorn = false;
  readonly isReleased = false;
  readonly warmTokens = null;
  readonly #continuity: Continuity;
  readonly #scope: string;
  #owned: Binding | null = null;

  /** @param ties of its conversation; left out = it has none */
  constructor(continuity: Continuity, turn: Turn, ties: RequestTies = NO_TIES) {
    this.#continuity = continuity;
    this.#scope = scopeOf(turn);
    this.bound = continuity.bind(ties, this.#scope);
  }

  get binding(): Binding {
    return this.#owned ?? this.bound.binding;
  }

  /** Only this account can serve the call. */
  ownedBy(accountId: string, boundBy: string): this {
    this.#owned = { grade: 'must', accountId, boundBy };
    return this;
  }

  /** The account that made this value is the only one that can serve. `false` = nobody is known to have made it. */
  bindToOwnerOf(kind: OwnedKind, value: string): boolean {
    const owner = this.#continuity.owners.ownerOf(this.#scope, kind, value);
    if (owner !== null) this.ownedBy(owner, kind);
    return owner !== null;
  }

  /** A call's body is opaque, and so is the turn state it should not have: it belongs to generations. */
  fit(): FittedRequest {
    return { body: NO_BODY, dropsTurnState: true };
  }

  obstacle(): Obstacle | null {
    return this.#owned === null ? null : 'file';
  }

  release(): void {
    this.#owned = null;
  }

  distrustUnknown(): boolean {
    return false;
  }

  begin(accountId: string): void {
    this.#continuity.begin(this.bound, accountId);
  }

  learning(accountId: string): LearnedValues {
    return new LearnedValues(this.#continuity.owners, this.#scope, accountId, (cachedTokens) =>
      this.#continuity.served(this.bound, accountId, cachedTokens),
    );
  }
}

const NO_BODY = Buffer.alloc(0);

/** Whose facts a turn sees: those of its API key, `''` = without one. */
export function scopeOf(turn: Turn): string {
  return turn.record.apiKeyId ?? '';
}
