/** Reads limits out of JSON: the `codex.rate_limits` event and the answer of `/wham/usage` (codex-wire 2.4, 2.9). */
import { booleanOf, fieldsOf, isFields, numberOf, textOf, type JsonFields } from './json-fields';
import { ACCOUNT_FAMILY, CODE_REVIEW_FAMILY, familyId } from './limit-families';
import {
  onePerClass,
  readCredits,
  readPlan,
  readReached,
  readWindow,
  type CreditsFacts,
  type FamilyReport,
  type QuotaReport,
  type WindowFacts,
} from './quota-report';

const EVENT_TYPE = 'codex.rate_limits';
const MAX_NAME_CHARS = 64;
/** More further limits than this are noise. */
const MAX_FAMILIES = 32;
const NO_CREDITS: CreditsFacts = { hasCredits: false, unlimited: false, balance: null };

/**
 * The data of a `codex.rate_limits` event. It speaks of one limit, named by `metered_limit_name`, `limit_name` or
 * `limit_id`; without a name it is the account's own. `null` = not such an event.
 */
export function readEvent(value: unknown, nowMs: number): QuotaReport | null {
  const event = fieldsOf(value);
  if (event['type'] !== EVENT_TYPE) return null;
  const name = nameOf(event, ['metered_limit_name', 'limit_id', 'limit_name']);
  const own = readLimit(event['rate_limits'], name === null ? ACCOUNT_FAMILY : familyId(name), null, nowMs);
  const review = readLimit(event['code_review_rate_limits'], CODE_REVIEW_FAMILY, null, nowMs);
  const credits = fieldsOf(event['credits']);
  return {
    source: 'event',
    observedAtMs: nowMs,
    planType: readPlan(event['plan_type']),
    credits: readCredits(credits['has_credits'], credits['unlimited'], credits['balance']),
    spendingStopped: null,
    families: distinct([own, review, ...readAdditional(event['additional_rate_limits'], nowMs)]),
    complete: false,
  };
}

/** The answer of `/wham/usage`, which names every limit there is; `null` = something else. */
export function readUsage(value: unknown, nowMs: number): QuotaReport | null {
  if (!isFields(value)) return null;
  if (!('rate_limit' in value) && !('plan_type' in value) && !('credits' in value)) return null;
  const credits = fieldsOf(value['credits']);
  const own = readLimit(value['rate_limit'], ACCOUNT_FAMILY, null, nowMs);
  const review = readLimit(value['code_review_rate_limit'], CODE_REVIEW_FAMILY, null, nowMs);
  return {
    source: 'poll',
    observedAtMs: nowMs,
    planType: readPlan(value['plan_type']),
    credits: readCredits(credits['has_credits'], credits['unlimited'], credits['balance']) ?? NO_CREDITS,
    spendingStopped: booleanOf(fieldsOf(value['spend_control'])['reached']) ?? false,
    families: distinct([own, review, ...readAdditional(value['additional_rate_limits'], nowMs)]),
    complete: true,
  };
}

/** A list of limits with their names, or an object of limits by name. */
function readAdditional(value: unknown, nowMs: number): (FamilyReport | null)[] {
  if (Array.isArray(value)) return value.slice(0, MAX_FAMILIES).map((entry) => readEntry(fieldsOf(entry), null, nowMs));
  const byName = Object.entries(fieldsOf(value)).slice(0, MAX_FAMILIES);
  return byName.map(([name, entry]) => readEntry(fieldsOf(entry), name, nowMs));
}

function readEntry(entry: JsonFields, key: string | null, nowMs: number): FamilyReport | null {
  const limitName = nameOf(entry, ['limit_name']);
  const id = nameOf(entry, ['metered_feature', 'metered_limit_name', 'limit_id', 'limit_name']) ?? key;
  if (id === null) return null;
  const family = familyId(id);
  // Only the limit itself may speak for the account.
  if (family === ACCOUNT_FAMILY) return null;
  return readLimit(entry['rate_limit'] ?? entry['rate_limits'] ?? entry, family, limitName, nowMs);
}

/** A limit with its two slots, in the spelling of the poll or of the event; `null` when the value is no limit. */
function readLimit(value: unknown, id: string, name: string | null, nowMs: number): FamilyReport | null {
  if (!isFields(value)) return null;
  const primary = slotOf(value, ['primary_window', 'primary']);
  const secondary = slotOf(value, ['secondary_window', 'secondary']);
  const reached = readReached(value);
  if (primary === undefined && secondary === undefined && reached === null) return null;
  return {
    id,
    name,
    windows: onePerClass([readSlot(primary, nowMs), readSlot(secondary, nowMs)]),
    complete: primary !== undefined && secondary !== undefined,
    reached,
  };
}

/** `undefined` = the slot is not mentioned; `null` = there is no such window. */
function slotOf(limit: JsonFields, keys: readonly string[]): unknown {
  for (const key of keys) if (limit[key] !== undefined) return limit[key];
  return undefined;
}

function readSlot(value: unknown, nowMs: number): WindowFacts | null {
  if (!isFields(value)) return null;
  const minutes = numberOf(value['window_minutes']);
  return readWindow(
    {
      usedPercent: value['used_percent'],
      windowSeconds: value['limit_window_seconds'] ?? (minutes === null ? null : minutes * 60),
      resetAt: value['reset_at'] ?? value['resets_at'],
      resetAfterSeconds: value['reset_after_seconds'],
    },
    nowMs,
  );
}

function nameOf(fields: JsonFields, keys: readonly string[]): string | null {
  for (const key of keys) {
    const name = textOf(fields[key], MAX_NAME_CHARS);
    if (name !== null) return name;
  }
  return null;
}

/** The first of each id: a limit that is listed twice has been said once. */
function distinct(families: readonly (FamilyReport | null)[]): FamilyReport[] {
  const byId = new Map<string, FamilyReport>();
  for (const family of families) if (family !== null && !byId.has(family.id)) byId.set(family.id, family);
  return [...byId.values()];
}
