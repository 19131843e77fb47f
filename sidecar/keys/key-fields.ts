/** From the body of a request to the terms of a key: trimmed, checked, merged with what was there (spec/admin-api.md 8.3). */
import {
  CLIENT_TRANSPORTS,
  REASONING_EFFORTS,
  SERVICE_TIERS,
  type ApiKeyChange,
  type ApiKeyLimitInput,
} from '../contract/api-keys';
import { TightropeError } from '../platform/errors';
import { parseExpiry } from './expiry-time';
import type { KeyTerms } from './key-row';
import type { LimitTerms } from './limit-counter';

/** A limit that has no id and no counter yet. */
export type NewLimit = Omit<LimitTerms, 'id'>;

/** A key that may do everything. */
export const UNRESTRICTED: Omit<KeyTerms, 'name'> = {
  isActive: true,
  allowedModels: [],
  allowedAccountIds: [],
  allowedEfforts: [],
  allowedTransports: [],
  enforcedModel: null,
  enforcedReasoningEffort: null,
  enforcedServiceTier: null,
  showRoutedAccount: false,
  expiresAtMs: null,
};

const MICRO = 1_000_000;

/**
 * The terms after the change; what is left out stays, `null`, `''` and `[]` clear.
 * @param isAccount whether there is an account with this id
 * @throws TightropeError `invalid_api_key_payload` naming the field
 */
export function changedTerms(before: KeyTerms, change: ApiKeyChange, isAccount: (id: string) => boolean): KeyTerms {
  const terms: KeyTerms = {
    name: change.name === undefined ? before.name : readName(change.name),
    isActive: change.isActive ?? before.isActive,
    allowedModels: list(change.allowedModels, before.allowedModels, (name) => name),
    allowedAccountIds: list(change.allowedAccountIds, before.allowedAccountIds, (id) =>
      isAccount(id) ? id : refuse('allowedAccountIds', `There is no account ${id}.`),
    ),
    allowedEfforts: inOrder(
      REASONING_EFFORTS,
      list(change.allowedEfforts, before.allowedEfforts, (name) => oneOf('allowedEfforts', REASONING_EFFORTS, name)),
    ),
    allowedTransports: list(change.allowedTransports, before.allowedTransports, (name) =>
      oneOf('allowedTransports', CLIENT_TRANSPORTS, name),
    ),
    enforcedModel: text(change.enforcedModel, before.enforcedModel, (name) => name),
    enforcedReasoningEffort: text(change.enforcedReasoningEffort, before.enforcedReasoningEffort, (name) =>
      oneOf('enforcedReasoningEffort', REASONING_EFFORTS, name),
    ),
    enforcedServiceTier: text(change.enforcedServiceTier, before.enforcedServiceTier, readTier),
    showRoutedAccount: change.showRoutedAccount ?? before.showRoutedAccount,
    expiresAtMs: text(change.expiresAt, before.expiresAtMs, readExpiry),
  };
  checkTogether(terms);
  return terms;
}

/** @throws TightropeError `invalid_api_key_payload` naming the field */
export function readLimits(given: readonly ApiKeyLimitInput[]): NewLimit[] {
  const seen = new Set<string>();
  return given.map((limit, index) => {
    const { limitType: type, limitWindow: window } = limit;
    const field = `limits[${index}]`;
    const maxValue = type === 'cost_usd' ? Math.round(limit.maxValue * MICRO) : limit.maxValue;
    if (!Number.isSafeInteger(maxValue) || maxValue < 1) {
      const rule = type === 'cost_usd' ? 'at least 0.000001 USD and at most 9 billion' : 'a whole number';
      refuse(`${field}.maxValue`, `maxValue of ${type} must be ${rule}.`);
    }
    const modelFilter = limit.modelFilter?.trim().toLowerCase() ?? '';
    const key = limitKey({ type, window, modelFilter });
    if (seen.has(key)) refuse(field, 'Two limits have the same type, window and model.');
    seen.add(key);
    return { type, window, modelFilter, maxValue };
  });
}

/** What makes two limits the same one, whatever their values. */
export function limitKey({ type, window, modelFilter }: Pick<LimitTerms, 'type' | 'window' | 'modelFilter'>): string {
  return `${type} ${window} ${modelFilter}`;
}

function checkTogether(terms: KeyTerms): void {
  const { allowedModels, enforcedModel, allowedEfforts, enforcedReasoningEffort } = terms;
  const isKnown = allowedModels.some((name) => name.toLowerCase() === enforcedModel?.toLowerCase());
  if (enforcedModel !== null && allowedModels.length > 0 && !isKnown) {
    refuse('enforcedModel', 'enforcedModel must be one of allowedModels.');
  }
  if (enforcedReasoningEffort !== null && allowedEfforts.length > 0) {
    if (allowedEfforts.includes(enforcedReasoningEffort)) return;
    refuse('enforcedReasoningEffort', 'enforcedReasoningEffort must be one of allowedEfforts.');
  }
}

function readName(given: string): string {
  const name = given.trim();
  return name === '' ? refuse('name', 'name must not be blank.') : name;
}

/** Trimmed, without blanks and repetitions, sorted. */
function list(
  given: readonly string[] | null | undefined,
  before: readonly string[],
  read: (item: string) => string,
): readonly string[] {
  if (given === undefined) return before;
  const items = (given ?? []).map((item) => item.trim()).filter((item) => item !== '');
  return [...new Set(items.map(read))].sort();
}

function text<T>(given: string | null | undefined, before: T | null, read: (value: string) => T): T | null {
  if (given === undefined) return before;
  const value = given?.trim() ?? '';
  return value === '' ? null : read(value);
}

function inOrder(scale: readonly string[], names: readonly string[]): string[] {
  return scale.filter((name) => names.includes(name));
}

function oneOf(field: string, names: readonly string[], given: string): string {
  const name = given.toLowerCase();
  return names.includes(name) ? name : refuse(field, `${field} must be one of ${names.join(', ')}.`);
}

/** `fast` is what clients call `priority`; `auto` leaves the choice to upstream, as sending none does. */
function readTier(given: string): string {
  const name = given.toLowerCase();
  if (name === 'fast') return 'priority';
  return name === 'auto' ? 'default' : oneOf('enforcedServiceTier', SERVICE_TIERS, name);
}

function readExpiry(given: string): number {
  return parseExpiry(given) ?? refuse('expiresAt', 'expiresAt must be a date and time in ISO 8601.');
}

function refuse(param: string, message: string): never {
  throw new TightropeError('invalid_api_key_payload', { message, param });
}
