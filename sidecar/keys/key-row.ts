/** A key as it is stored, and as the process holds it. */
import { LIMIT_TYPES, LIMIT_WINDOWS, type LimitType, type LimitWindow } from '../contract/api-keys';
import { TightropeError } from '../platform/errors';
import { KeyMeter } from './key-meter';
import { LimitCounter } from './limit-counter';

/** Row of `api_keys`. */
export interface KeyRow {
  readonly id: string;
  readonly key_hash: string;
  readonly key_prefix: string;
  readonly name: string;
  readonly is_active: number;
  readonly allowed_models: string;
  readonly allowed_account_ids: string;
  readonly allowed_efforts: string;
  readonly allowed_transports: string;
  readonly enforced_model: string | null;
  readonly enforced_reasoning_effort: string | null;
  readonly enforced_service_tier: string | null;
  readonly show_routed_account: number;
  readonly expires_at_ms: number | null;
  readonly last_used_at_ms: number | null;
  readonly used_requests: number;
  readonly used_input_tokens: number;
  readonly used_output_tokens: number;
  readonly used_total_tokens: number;
  readonly used_cost_micro_usd: number;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
}

/** A key that has used nothing yet. */
export type NewKeyRow = Omit<KeyRow, 'last_used_at_ms' | `used_${string}`>;

/** Row of `api_key_limits`. */
export interface LimitRow {
  readonly id: string;
  readonly api_key_id: string;
  readonly limit_type: string;
  readonly limit_window: string;
  readonly model_filter: string;
  readonly max_value: number;
  readonly current_value: number;
  readonly reset_at_ms: number;
}

/** Row of `api_key_usage_reservations`. */
export interface ReservationRow {
  readonly id: string;
  readonly node_id: string;
  readonly api_key_id: string;
  readonly model: string | null;
  readonly reserved_at_ms: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micro_usd: number;
}

type TermsColumns = Omit<NewKeyRow, 'id' | 'key_hash' | 'key_prefix' | 'created_at_ms' | 'updated_at_ms'>;

/** What people set for a key, in its stored meaning: empty list = any. */
export interface KeyTerms {
  readonly name: string;
  readonly isActive: boolean;
  readonly allowedModels: readonly string[];
  readonly allowedAccountIds: readonly string[];
  readonly allowedEfforts: readonly string[];
  readonly allowedTransports: readonly string[];
  readonly enforcedModel: string | null;
  readonly enforcedReasoningEffort: string | null;
  readonly enforcedServiceTier: string | null;
  readonly showRoutedAccount: boolean;
  readonly expiresAtMs: number | null;
}

/** The columns in which terms are stored. */
export function termsColumns(terms: KeyTerms): TermsColumns {
  return {
    name: terms.name,
    is_active: terms.isActive ? 1 : 0,
    allowed_models: JSON.stringify(terms.allowedModels),
    allowed_account_ids: JSON.stringify(terms.allowedAccountIds),
    allowed_efforts: JSON.stringify(terms.allowedEfforts),
    allowed_transports: JSON.stringify(terms.allowedTransports),
    enforced_model: terms.enforcedModel,
    enforced_reasoning_effort: terms.enforcedReasoningEffort,
    enforced_service_tier: terms.enforcedServiceTier,
    show_routed_account: terms.showRoutedAccount ? 1 : 0,
    expires_at_ms: terms.expiresAtMs,
  };
}

/** @throws TightropeError `db_unavailable` when a list cannot be read: a key without its scopes must not open the door */
export function termsOf(row: KeyRow): KeyTerms {
  return {
    name: row.name,
    isActive: row.is_active === 1,
    allowedModels: readList(row, 'allowed_models'),
    allowedAccountIds: readList(row, 'allowed_account_ids'),
    allowedEfforts: readList(row, 'allowed_efforts'),
    allowedTransports: readList(row, 'allowed_transports'),
    enforcedModel: row.enforced_model,
    enforcedReasoningEffort: row.enforced_reasoning_effort,
    enforcedServiceTier: row.enforced_service_tier,
    showRoutedAccount: row.show_routed_account === 1,
    expiresAtMs: row.expires_at_ms,
  };
}

export function meterOf(row: KeyRow, limits: readonly LimitRow[]): KeyMeter {
  const totals = {
    requests: row.used_requests,
    inputTokens: row.used_input_tokens,
    outputTokens: row.used_output_tokens,
    totalTokens: row.used_total_tokens,
    costMicroUsd: row.used_cost_micro_usd,
  };
  return new KeyMeter(limits.map(counterOf), totals, row.last_used_at_ms);
}

function counterOf(row: LimitRow): LimitCounter {
  const terms = {
    id: row.id,
    type: oneOf<LimitType>(LIMIT_TYPES, row.limit_type),
    window: oneOf<LimitWindow>(LIMIT_WINDOWS, row.limit_window),
    modelFilter: row.model_filter,
    maxValue: row.max_value,
  };
  return new LimitCounter(terms, { currentValue: row.current_value, resetAtMs: row.reset_at_ms });
}

function oneOf<T extends string>(names: readonly T[], text: string): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw unreadable('api_key_limits');
  return found;
}

function readList(
  row: KeyRow,
  column: 'allowed_models' | 'allowed_account_ids' | 'allowed_efforts' | 'allowed_transports',
): string[] {
  const list: unknown = parse(row[column]);
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) throw unreadable(`api_keys.${column}`);
  return list;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller refuses everything that is no list
  }
}

function unreadable(what: string): TightropeError {
  return new TightropeError('db_unavailable', { message: `What is stored in ${what} cannot be read.` });
}
