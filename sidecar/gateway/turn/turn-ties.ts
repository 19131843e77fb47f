/** The ties of one turn while it is served: what binds it, what each account may be sent of it, and when it may move. */
import { isSelfContained, obstacleTo, withoutForeignParts } from '../protocol/account-neutral';
import type { ForeignParts, Obstacle } from '../protocol/account-neutral';
import type { RequestTies } from '../protocol/request-ties';
import type { BoundRequest } from '../routing/binding';
import type { Continuity } from '../routing/continuity';
import type { Binding } from '../routing/routing-ports';
import { LearnedValues } from './learned-values';

/** The request as one account gets it. */
export interface FittedRequest {
  /** The very Buffer of the client's request when nothing had to be left out. */
  readonly body: Buffer;
  /** The turn state is another account's: it is not in the body and must not go into the headers. */
  readonly dropsTurnState: boolean;
}

/** What binds a turn, and what of its request each account may be sent. */
export interface Ties {
  readonly binding: Binding;
  readonly bound: Pick<BoundRequest, 'isAnchorLost' | 'owners'>;
  /** It had to go to one account, and need not any more. */
  readonly isReleased: boolean;
  /** Tokens that the account it is bound to last read from its cache for the conversation; `null` = not known. */
  readonly warmTokens: number | null;
  /** It holds pieces of two accounts that neither can be sent without the other's: say an anchor of one and a file of the other. */
  readonly isTorn: boolean;
  /** The request as this account may see it. */
  fit(accountId: string): FittedRequest;
  /** Why the request cannot go to another account than the one it is bound to; `null` = it can. */
  obstacle(): Obstacle | null;
  /** Lets the turn go elsewhere while its owner is out. The proof is `obstacle() === null`. */
  release(): void;
  /** Upstream could not read some ciphertext of which nothing is known here: whether there is any to leave out instead. */
  distrustUnknown(): boolean;
  /** This account is about to be asked. */
  begin(accountId: string): void;
  /** Takes note of what this account's answer hands out. */
  learning(accountId: string): LearnedValues;
}

export interface TiedRequest {
  readonly ties: RequestTies;
  /** The prepared body that `ties` was read from. */
  readonly body: Buffer;
  /** API key id, `''` = no key. */
  readonly scope: string;
}

export class TurnTies implements Ties {
  binding: Binding;
  /** It had to go to one account, and need not any more. */
  isReleased = false;
  readonly bound: BoundRequest;
  readonly #continuity: Continuity;
  readonly #request: TiedRequest;
  readonly #fitted = new Map<string, FittedRequest>();
  #distrustsUnknown = false;

  constructor(continuity: Continuity, request: TiedRequest) {
    this.#continuity = continuity;
    this.#request = request;
    this.bound = continuity.bind(request.ties, request.scope);
    this.binding = this.#servable(this.bound.binding);
  }

  get warmTokens(): number | null {
    const { affinity } = this.bound;
    return affinity !== undefined && affinity.accountId === this.binding.accountId ? affinity.cachedTokens : null;
  }

  fit(accountId: string): FittedRequest {
    const known = this.#fitted.get(accountId);
    if (known !== undefined) return known;
    const { body } = this.#request;
    const foreign = this.#foreignTo(accountId);
    const isWhole = !foreign.turnState && !this.#request.ties.ciphertexts.some(foreign.isForeign);
    const fitted = { body: isWhole ? body : withoutForeignParts(body, foreign), dropsTurnState: foreign.turnState };
    this.#fitted.set(accountId, fitted);
    return fitted;
  }

  get isTorn(): boolean {
    const { grade, accountId } = this.binding;
    const { files, ciphertexts } = this.bound.owners;
    if (grade !== 'must' || ![...files, ...ciphertexts].some((owner) => owner !== null && owner !== accountId)) {
      return false;
    }
    return obstacleTo(this.#request.body, this.#foreignTo(accountId)) !== null;
  }

  obstacle(): Obstacle | null {
    const { body } = this.#request;
    return obstacleTo(body, this.#foreignTo(null)) ?? (isSelfContained(body) ? null : 'incomplete');
  }

  release(): void {
    this.isReleased = true;
    this.binding = { ...this.binding, grade: 'should' };
  }

  distrustUnknown(): boolean {
    if (this.#distrustsUnknown || !this.bound.owners.ciphertexts.includes(null)) return false;
    this.#distrustsUnknown = true;
    this.#fitted.clear();
    return obstacleTo(this.#request.body, this.#foreignTo(null)) === null;
  }

  begin(accountId: string): void {
    this.#continuity.begin(this.bound, accountId);
  }

  learning(accountId: string): LearnedValues {
    return new LearnedValues(this.#continuity.owners, this.#request.scope, accountId, (cachedTokens) => {
      this.#served(accountId, cachedTokens);
    });
  }

  #served(accountId: string, cachedTokens: number | null): void {
    const { ties, scope } = this.#request;
    this.#continuity.served(this.bound, accountId, cachedTokens);
    for (const id of ties.fileIds) this.#continuity.owners.learn(scope, 'file', id, accountId);
  }

  /** A binding to an account that could not be sent the request is one to whoever holds the part that is in the way. */
  #servable(binding: Binding): Binding {
    const owner = this.bound.owners.ciphertexts.findLast((id) => id !== null && id !== binding.accountId) ?? null;
    if (owner === null || binding.boundBy === 'previous_response') return binding;
    const foreign = { ...this.#foreignTo(binding.accountId), file: false };
    if (obstacleTo(this.#request.body, foreign) === null) return binding;
    return { grade: 'must', accountId: owner, boundBy: 'ciphertext' };
  }

  /** @param accountId `null` = any account but the owners */
  #foreignTo(accountId: string | null): ForeignParts {
    const { ciphertexts, turnState, files, anchor } = this.bound.owners;
    const isOther = (owner: string | null): boolean => owner !== null && owner !== accountId;
    const marks = new Set(
      this.#request.ties.ciphertexts.filter((_, at) => {
        const owner = ciphertexts[at] ?? null;
        return owner === null ? this.#distrustsUnknown : isOther(owner);
      }),
    );
    return {
      isForeign: (mark) => marks.has(mark),
      anchor: isOther(anchor),
      turnState: isOther(turnState),
      file: files.some(isOther),
    };
  }
}
