/**
 * The door of the data plane: who may send proxied requests (design §5, §11). Host and page as for the control plane, then
 * the firewall, then the API key. A caller without a key must be on this machine, and where keys are required it must
 * show the login of one of the pool's accounts.
 */
import { TightropeError } from '../platform/errors';
import { headerValues, resolveClient } from '../platform/peer-address';
import { type GuardRules, refuseForeignPage, type Visitor } from './guard';

/** What the door asks. */
export interface DoorParts {
  readonly rules: GuardRules;
  readonly firewall: { allows(address: string | null): boolean };
  readonly keys: {
    looksLikeKey(presented: string): boolean;
    /** @throws TightropeError `invalid_api_key` */
    identify(secret: string): { readonly id: string; readonly showsAccount: boolean };
  };
  /** Whether local callers need a key, too: the setting `apiKeyAuthEnabled`. */
  readonly keysRequired: () => boolean;
  /** Whether this is the access token of one of the pool's accounts. */
  readonly isPoolToken: (presented: string) => boolean;
}

/** Who was let in. */
export interface Admitted {
  /** `null` = without a key. */
  readonly apiKeyId: string | null;
  /** Whether answers tell which account served: on this machine always, elsewhere when the key says so (design §10). */
  readonly seesAccount: boolean;
}

/** The gateway's `Door`. */
export interface ProxyDoor {
  /** @throws TightropeError the refusal */
  admit(visitor: Visitor): Admitted;
}

export function createProxyDoor(parts: DoorParts): ProxyDoor {
  const { rules, firewall, keys, keysRequired, isPoolToken } = parts;
  return {
    admit(visitor) {
      const foreign = refuseForeignPage(rules, visitor);
      if (foreign !== null) throw foreign;
      const client = resolveClient(visitor, rules.trustedProxies);
      if (!firewall.allows(client.address)) throw new TightropeError('ip_forbidden');
      const presented = presentedSecrets(visitor.rawHeaders);
      const claimed = presented.filter((secret) => keys.looksLikeKey(secret));
      if (claimed.length > 1) throw refusal('Send one API key, not several.');
      const [secret] = claimed;
      if (secret !== undefined) {
        const key = keys.identify(secret);
        return { apiKeyId: key.id, seesAccount: client.onThisMachine || key.showsAccount };
      }
      if (!client.onThisMachine) throw refusal('Requests from off this machine need an API key.');
      if (keysRequired() && !presented.some(isPoolToken)) throw refusal('An API key is needed here.');
      return { apiKeyId: null, seesAccount: true };
    },
  };
}

/** What a caller shows: bearers, and what Anthropic's clients send as `x-api-key`. Each once. */
function presentedSecrets(rawHeaders: readonly string[]): string[] {
  const bearers = headerValues(rawHeaders, 'authorization').map((value) => /^bearer +(\S+)$/i.exec(value.trim())?.[1]);
  const keys = headerValues(rawHeaders, 'x-api-key').map((value) => value.trim());
  const shown = [...bearers, ...keys].filter((secret) => secret !== undefined && secret !== '');
  return [...new Set(shown)].filter((secret) => secret !== undefined);
}

function refusal(message: string): TightropeError {
  return new TightropeError('invalid_api_key', {
    message,
    headers: { 'www-authenticate': 'Bearer realm="tightrope"' },
  });
}
