/** What a turn is expected to use, and what it did use, in the units of limits. */
import type { TurnRecord } from '../contract/turn-record';
import type { Amounts } from './limit-counter';

/** The ledger's price of a turn, micro-USD; `null` = not known. */
export type PriceTurn = (
  model: string | null,
  serviceTier: string | null,
  usage: {
    readonly inputTokens: number | null;
    readonly cachedTokens: number | null;
    readonly outputTokens: number | null;
  },
) => number | null;

export interface Demand {
  readonly model: string | null;
  readonly serviceTier: string | null;
  readonly bodyBytes: number;
}

/** spec/data-security.md 8.6: input about body bytes / 4, output as much as a long answer has. */
const BYTES_PER_TOKEN = 4;
const OUTPUT_TOKENS = 4096;
/** Images and ciphertext have many bytes and few tokens; no context window takes more than this. */
const MOST_INPUT_TOKENS = 400_000;

/** What is reserved for a turn before it goes upstream. */
export function estimateOf({ model, serviceTier, bodyBytes }: Demand, price: PriceTurn): Amounts {
  const inputTokens = Math.min(MOST_INPUT_TOKENS, Math.ceil(bodyBytes / BYTES_PER_TOKEN));
  const usage = { inputTokens, cachedTokens: 0, outputTokens: OUTPUT_TOKENS };
  return {
    requests: 1,
    input_tokens: inputTokens,
    output_tokens: OUTPUT_TOKENS,
    total_tokens: inputTokens + OUTPUT_TOKENS,
    cost_usd: priceOf(model, serviceTier, usage, price) ?? 0,
  };
}

/**
 * What a closed turn used: the upstream's own figures. `null` = nothing was served, so nothing counts. A turn that was cut off
 * after its first output is a request whose tokens the upstream never told.
 */
export function usedBy(record: TurnRecord, model: string | null, price: PriceTurn): Amounts | null {
  const { inputTokens, outputTokens, totalTokens, statusCode } = record;
  const isReported = inputTokens !== null || outputTokens !== null || totalTokens !== null;
  const isAnswered = statusCode >= 200 && statusCode < 400;
  if (!isReported && !isAnswered && record.firstTokenMs === null) return null;
  return {
    requests: 1,
    input_tokens: inputTokens ?? 0,
    output_tokens: outputTokens ?? 0,
    total_tokens: totalTokens ?? (inputTokens ?? 0) + (outputTokens ?? 0),
    cost_usd: priceOf(model, record.serviceTier, record, price) ?? 0,
  };
}

/** Whether what this model costs is known at all. */
export function isPriced(model: string | null, price: PriceTurn): boolean {
  return price(model, null, { inputTokens: 0, cachedTokens: 0, outputTokens: 0 }) !== null;
}

/** A tier that has no price of its own costs what the model usually costs: for a limit, nearly right is better than free. */
function priceOf(
  model: string | null,
  serviceTier: string | null,
  usage: Parameters<PriceTurn>[2],
  price: PriceTurn,
): number | null {
  return price(model, serviceTier, usage) ?? price(model, null, usage);
}
