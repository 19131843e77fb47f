/** From stored sums to what reports show. */
import type { UsageFigures } from '../contract/reports';
import { percentile } from './latency-buckets';
import { noUsage } from './usage-rollups';
import type { UsageSlice } from './usage-store';

const MICRO_PER_USD = 1_000_000;

export const NO_TURNS: UsageSlice = {
  place: {},
  sums: noUsage(),
  latencies: { total: new Map(), first_token: new Map() },
};

export function figuresOf({ sums, latencies }: UsageSlice): UsageFigures {
  return {
    requests: sums.requests,
    errors: sums.errors,
    retried: sums.retried,
    sticky: sums.sticky,
    inputTokens: sums.input_tokens,
    cachedTokens: sums.cached_tokens,
    outputTokens: sums.output_tokens,
    reasoningTokens: sums.reasoning_tokens,
    totalTokens: sums.total_tokens,
    costUsd: sums.cost_micro_usd / MICRO_PER_USD,
    unpricedRequests: sums.unpriced,
    latencyP50Ms: percentile(latencies.total, 0.5),
    latencyP95Ms: percentile(latencies.total, 0.95),
    latencyP99Ms: percentile(latencies.total, 0.99),
    firstTokenP50Ms: percentile(latencies.first_token, 0.5),
    firstTokenP95Ms: percentile(latencies.first_token, 0.95),
  };
}
