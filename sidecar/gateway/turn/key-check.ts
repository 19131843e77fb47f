/**
 * The one place where a turn meets the API key of its caller: scopes, what the key enforces, and the reservation of its limits.
 * Every route that calls a model passes here before its first attempt (`runTurn` refuses turns that did not), a WebSocket once
 * per frame.
 */
import { TightropeError } from '../../platform/errors';
import { applyKeyRules, modelFor, type ModelRequest } from '../protocol/key-rules';
import type { KeyRing, KeyRules } from '../ports';
import type { Turn } from './turn';

/**
 * Binds the normalised request to the key: the result is what goes upstream.
 * @throws TightropeError `invalid_api_key`, `transport_not_allowed`, `model_not_allowed`, `reasoning_effort_not_allowed`,
 *   `api_key_limit_exceeded`
 */
export function bindToKey<R extends ModelRequest>(keys: KeyRing, turn: Turn, request: R): R {
  const { apiKeyId } = turn.caller;
  if (apiKeyId === null) return request;
  const rules = scopeOf(keys, turn, apiKeyId);
  const bound = applyKeyRules(request, rules);
  // A compaction that is asked for in two ways, one after the other, is one turn.
  if (turn.isCovered) return bound;
  const { model, serviceTier = null, body } = bound;
  turn.holdReservation(keys.reserve(apiKeyId, { model, serviceTier, bodyBytes: body.length }));
  return bound;
}

/**
 * The same for a call beside generation, which the key cannot change: it has to name an allowed model if it names one, and
 * counts like a turn unless it only reads.
 * @throws TightropeError as `bindToKey`
 */
export function bindSideCall(
  keys: KeyRing,
  turn: Turn,
  call: { readonly reads: boolean; readonly bodyBytes: number },
): void {
  const { apiKeyId } = turn.caller;
  if (turn.isCovered || apiKeyId === null) return;
  const rules = scopeOf(keys, turn, apiKeyId);
  const { model } = turn.record;
  if (model !== null) modelFor(model, { ...rules, enforcedModel: null });
  if (call.reads) turn.coverUnmetered();
  else turn.holdReservation(keys.reserve(apiKeyId, { model, serviceTier: null, bodyBytes: call.bodyBytes }));
}

/** The accounts that the caller's key is bound to, for calls that ask several of them; `null` = any. */
export function allowedAccounts(keys: KeyRing, { caller }: Turn): ReadonlySet<string> | null {
  return caller.apiKeyId === null ? null : keys.rulesOf(caller.apiKeyId).accounts;
}

function scopeOf(keys: KeyRing, turn: Turn, apiKeyId: string): KeyRules {
  const rules = keys.rulesOf(apiKeyId);
  const { transport } = turn.record;
  if (rules.transports !== null && !rules.transports.has(transport)) {
    const message = `This API key may not use ${transport === 'http' ? 'HTTP' : 'WebSocket'}.`;
    throw new TightropeError('transport_not_allowed', { message });
  }
  turn.allowedAccounts = rules.accounts;
  return rules;
}
