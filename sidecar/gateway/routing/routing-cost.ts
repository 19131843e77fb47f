/** What a plan's tokens are worth for routing (spec/proxy.md 10.6): relative prices, not what anybody is charged. */
import type { RoutingRules, TokenPrice } from './routing-ports';

/** USD per million tokens by plan. */
const PLAN_PRICES: Readonly<Record<string, TokenPrice>> = {
  free: { input: 0.04, output: 0.06 },
  plus: { input: 0.1, output: 0.25 },
  pro: { input: 0.15, output: 0.35 },
  team: { input: 0.2, output: 0.45 },
  business: { input: 0.3, output: 0.5 },
  enterprise: { input: 0.4, output: 0.6 },
};
const UNKNOWN_PLAN: TokenPrice = { input: 0.2, output: 0.4 };
const NO_PLAN: TokenPrice = { input: 0.15, output: 0.45 };
const DEAREST_PLAN = 'enterprise';
/** When the dearest plan costs nothing. */
const NO_REFERENCE = 0.5;

/** Factors by model, first match counts. */
const MODEL_FACTORS: readonly (readonly [matches: (model: string) => boolean, factor: TokenPrice])[] = [
  [(model) => model.includes('mini'), { input: 0.55, output: 0.5 }],
  [(model) => model.startsWith('o'), { input: 1.15, output: 1.6 }],
  [(model) => model.startsWith('gpt-5'), { input: 1.1, output: 1.4 }],
  [(model) => model.startsWith('gpt-4.1'), { input: 0.95, output: 1.1 }],
];
const NO_FACTOR: TokenPrice = { input: 1, output: 1 };

/**
 * Cost of a plan against that of the dearest plan, 0 … 1: clamp((in + out) / (in + out of enterprise)).
 * @param plan `null` = the account's plan is not known
 */
export function relativeCost(plan: string | null, model: string | null, prices: RoutingRules['prices']): number {
  const slug = (model ?? '').toLowerCase();
  const reference = sumOf(priceOf(DEAREST_PLAN, slug, prices));
  if (reference <= 0) return NO_REFERENCE;
  return Math.min(1, Math.max(0, sumOf(priceOf(plan?.toLowerCase() ?? '', slug, prices)) / reference));
}

/** A configured price as it is (exact model before `*`), else the built-in one times the model's factor. */
function priceOf(plan: string, model: string, prices: RoutingRules['prices']): TokenPrice {
  const configured = prices.get(`${plan}@${model}`) ?? prices.get(`${plan}@*`);
  if (configured !== undefined) return configured;
  const known = Object.hasOwn(PLAN_PRICES, plan) ? PLAN_PRICES[plan] : undefined;
  const base = known ?? (plan === '' ? NO_PLAN : UNKNOWN_PLAN);
  const factor = MODEL_FACTORS.find(([matches]) => matches(model))?.[1] ?? NO_FACTOR;
  return { input: base.input * factor.input, output: base.output * factor.output };
}

function sumOf({ input, output }: TokenPrice): number {
  return input + output;
}
