/** A key as the API shows it: never its secret or its hash. */
import type { ApiKey, ApiKeyLimit } from '../contract/api-keys';
import type { KeyEntry } from './key-index';
import type { KeyTerms } from './key-row';
import type { LimitCounter } from './limit-counter';

const MICRO = 1_000_000;

export function keyView(entry: KeyEntry, nowMs: number): ApiKey {
  const { terms, meter } = entry;
  const { totals } = meter;
  return {
    id: entry.id,
    name: terms.name,
    keyPrefix: entry.prefix,
    isActive: terms.isActive,
    status: statusOf(terms, nowMs),
    allowedModels: [...terms.allowedModels],
    allowedAccountIds: [...terms.allowedAccountIds],
    allowedEfforts: [...terms.allowedEfforts],
    allowedTransports: [...terms.allowedTransports],
    enforcedModel: terms.enforcedModel,
    enforcedReasoningEffort: terms.enforcedReasoningEffort,
    enforcedServiceTier: terms.enforcedServiceTier,
    showRoutedAccount: terms.showRoutedAccount,
    expiresAt: isoOrNull(terms.expiresAtMs),
    createdAt: new Date(entry.createdAtMs).toISOString(),
    lastUsedAt: isoOrNull(meter.lastUsedAtMs),
    limits: meter.counters.map((counter) => limitView(counter, nowMs)),
    usageSummary: {
      requests: totals.requests,
      inputTokens: totals.inputTokens,
      outputTokens: totals.outputTokens,
      totalTokens: totals.totalTokens,
      costUsd: totals.costMicroUsd / MICRO,
      turnsInFlight: meter.open,
    },
  };
}

/** Whether the key opens the door now. It has expired from its very last millisecond on. */
export function statusOf({ isActive, expiresAtMs }: KeyTerms, nowMs: number): ApiKey['status'] {
  if (!isActive) return 'inactive';
  return expiresAtMs !== null && expiresAtMs <= nowMs ? 'expired' : 'active';
}

function limitView(counter: LimitCounter, nowMs: number): ApiKeyLimit {
  const { terms, reserved } = counter;
  const { currentValue, resetAtMs } = counter.stateAt(nowMs);
  const shown = (value: number): number => (terms.type === 'cost_usd' ? value / MICRO : value);
  return {
    id: terms.id,
    limitType: terms.type,
    limitWindow: terms.window,
    maxValue: shown(terms.maxValue),
    currentValue: shown(currentValue),
    reservedValue: shown(reserved),
    modelFilter: terms.modelFilter === '' ? null : terms.modelFilter,
    resetAt: new Date(resetAtMs).toISOString(),
    resetAtMs,
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
