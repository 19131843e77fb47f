/** What a turn cost at list prices, in integer micro-USD. */
import {
  parsePriceTable,
  priceOf,
  RATE_UNITS_PER_MICRO_USD,
  type ModelPrice,
  type PriceTable,
  type Rates,
} from './price-table';
import prices from './prices.json';

/** Token counts of one turn; `null` = not reported. */
export interface TokenUsage {
  readonly inputTokens: number | null;
  /** Part of `inputTokens` that came from the prompt cache; more than all input counts as all input. */
  readonly cachedTokens: number | null;
  readonly outputTokens: number | null;
}

/** The prices this build knows, from `prices.json`. */
export const BUILT_IN_PRICES: PriceTable = parsePriceTable(prices);

/**
 * Cost of one turn in micro-USD: `(input − cached)·p_in + cached·p_cached + output·p_out` (spec/proxy.md 10.6).
 * The sum is exact; it is rounded once, half up, to whole micro-USD. Reasoning tokens are part of `outputTokens`.
 *
 * `null` means "not known" and is never written as 0: no model, an unknown model, a service tier without a price, or usage
 * that was not reported (or is not a count). `default`, `auto`, `standard` and no tier are the standard price; `priority` and its client
 * spelling `fast` have prices of their own; `flex` divides the standard or long-context price.
 */
export function costMicroUsd(
  model: string | null,
  serviceTier: string | null,
  usage: TokenUsage,
  table: PriceTable = BUILT_IN_PRICES,
): number | null {
  const { inputTokens, outputTokens } = usage;
  const cachedTokens = usage.cachedTokens ?? 0;
  if (model === null || !isCount(inputTokens) || !isCount(outputTokens) || !isCount(cachedTokens)) return null;
  const price = priceOf(table, model);
  if (price === null) return null;
  const tier = tierPrice(price, serviceTier, inputTokens, table.flexDivisor);
  if (tier === null) return null;

  const cached = BigInt(Math.min(cachedTokens, inputTokens));
  const { rates } = tier;
  const units =
    (BigInt(inputTokens) - cached) * rates.input + cached * rates.cachedInput + BigInt(outputTokens) * rates.output;
  const divisor = tier.divisor * RATE_UNITS_PER_MICRO_USD;
  const micro = (2n * units + divisor) / (2n * divisor);
  return micro <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(micro) : null;
}

interface TierPrice {
  readonly rates: Rates;
  readonly divisor: bigint;
}

/** Long-context prices apply to the whole turn once its input is above the threshold; priority has no such price. */
function tierPrice(
  price: ModelPrice,
  serviceTier: string | null,
  inputTokens: number,
  flexDivisor: bigint,
): TierPrice | null {
  const { longContext } = price;
  const standard =
    longContext !== null && inputTokens > longContext.aboveInputTokens ? longContext.rates : price.standard;
  switch (serviceTier?.trim().toLowerCase() ?? '') {
    case '':
    case 'default':
    case 'auto':
    case 'standard':
      return { rates: standard, divisor: 1n };
    case 'flex':
      return { rates: standard, divisor: flexDivisor };
    case 'priority':
    case 'fast':
      return price.priority === null ? null : { rates: price.priority, divisor: 1n };
    default:
      return null;
  }
}

function isCount(value: number | null): value is number {
  return value !== null && Number.isSafeInteger(value) && value >= 0;
}
