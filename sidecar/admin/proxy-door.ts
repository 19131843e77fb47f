/** The door of the data plane: who may send proxied requests at all, before API keys exist (design §5). */
import { TightropeError } from '../platform/errors';
import { type GuardRules, isOnThisMachine, refuseForeignPage, type Visitor } from './guard';

/** The gateway's `Door`. */
export interface ProxyDoor {
  refuse(visitor: Visitor): TightropeError | null;
}

/**
 * Host and page rules as for the control plane; then only this machine may enter. A foreign page is refused on safe
 * requests too: nothing here is meant for other sites' scripts.
 */
export function createProxyDoor(rules: GuardRules): ProxyDoor {
  return {
    refuse(visitor) {
      const foreign = refuseForeignPage(rules, visitor);
      if (foreign !== null) return foreign;
      if (isOnThisMachine(rules, visitor)) return null;
      return new TightropeError('invalid_api_key', { message: 'Requests from off this machine need an API key.' });
    },
  };
}
