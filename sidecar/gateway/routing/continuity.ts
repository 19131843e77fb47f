/** What is known of who made what and who serves which conversation: one per process, asked and taught by every turn. */
import type { RoutingPreviewRequest } from '../../contract/routing';
import { NO_TIES, type RequestTies } from '../protocol/request-ties';
import type { AffinityTable } from './affinity-table';
import { bindRequest, type BoundRequest } from './binding';
import type { OwnerIndex } from './owner-index';
import type { Binding } from './routing-ports';

const NO_KEY = '';

export class Continuity {
  constructor(
    readonly owners: OwnerIndex,
    readonly affinities: AffinityTable,
  ) {}

  /** `scope` = API key id, `''` = no key. */
  bind(ties: RequestTies, scope: string): BoundRequest {
    return bindRequest(ties, scope, this.owners, this.affinities);
  }

  /** What would bind a described request that comes without an API key. */
  previewBinding(request: RoutingPreviewRequest): Binding {
    const { sessionId = null, threadId = null, promptCacheKey = null, previousResponseId = null } = request;
    return this.bind({ ...NO_TIES, sessionId, threadId, promptCacheKey, previousResponseId }, NO_KEY).binding;
  }

  /** An account is about to be asked: those who ask for the same new conversation meanwhile follow. */
  begin({ conversations }: BoundRequest, accountId: string): void {
    for (const key of conversations) {
      if (this.affinities.find(key) === undefined) this.affinities.bind(key, accountId);
    }
  }

  /** An account has answered. `cachedTokens` = what it read from its cache, `null` = not known. */
  served({ conversations }: BoundRequest, accountId: string, cachedTokens: number | null): void {
    for (const key of conversations) this.affinities.bind(key, accountId, cachedTokens);
  }
}
