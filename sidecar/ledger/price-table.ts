/** The price file as the ledger uses it: validated once, decimals turned into exact integers. */
import { Type, type Static } from '@sinclair/typebox';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';

/** Decimal text in USD per 1M tokens with at most six decimals; text, because 0.1 is no binary number. */
const Decimal = Type.String({ pattern: '^[0-9]{1,6}(\\.[0-9]{1,6})?$' });

/** `cachedInput: null` = the provider gives no discount, cached tokens cost what others cost. */
const ratesOf = {
  input: Decimal,
  cachedInput: Type.Union([Decimal, Type.Null()]),
  output: Decimal,
};
const RatesEntry = Type.Object(ratesOf, { additionalProperties: false });
type RatesEntry = Static<typeof RatesEntry>;

const ModelEntry = Type.Object(
  {
    ...ratesOf,
    priority: Type.Optional(RatesEntry),
    longContext: Type.Optional(
      Type.Object({ aboveInputTokens: Type.Integer({ minimum: 1 }), ...ratesOf }, { additionalProperties: false }),
    ),
    note: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** Shape of `prices.json`. */
const PriceFile = Type.Object(
  {
    unit: Type.Literal('USD per 1,000,000 tokens'),
    asOf: Type.String(),
    source: Type.String(),
    flexDivisor: Type.Integer({ minimum: 1 }),
    models: Type.Record(Type.String(), ModelEntry),
    aliases: Type.Record(Type.String(), Type.String()),
  },
  { additionalProperties: false },
);
type PriceFile = Static<typeof PriceFile>;

/** Prices in 10⁻⁶ micro-USD per token (USD per 1M tokens = micro-USD per token, so six decimals stay exact). */
export interface Rates {
  readonly input: bigint;
  readonly cachedInput: bigint;
  readonly output: bigint;
}

/** How many `Rates` units make one micro-USD. */
export const RATE_UNITS_PER_MICRO_USD = 1_000_000n;

/** What one model costs. `priority: null` = no such price is known. */
export interface ModelPrice {
  readonly standard: Rates;
  readonly priority: Rates | null;
  readonly longContext: { readonly aboveInputTokens: number; readonly rates: Rates } | null;
}

/** All known prices. Names are lower case; aliases are resolved. */
export interface PriceTable {
  readonly asOf: string;
  readonly flexDivisor: bigint;
  readonly models: ReadonlyMap<string, ModelPrice>;
}

/**
 * Reads the content of a price file.
 * @throws TightropeError `invalid_field` when the content breaks the schema or an alias points nowhere.
 */
export function parsePriceTable(content: unknown): PriceTable {
  const file: PriceFile = compile(PriceFile, 'price file')(content);
  const models = new Map<string, ModelPrice>();
  for (const [name, entry] of Object.entries(file.models)) {
    models.set(name.toLowerCase(), {
      standard: toRates(entry),
      priority: entry.priority === undefined ? null : toRates(entry.priority),
      longContext:
        entry.longContext === undefined
          ? null
          : { aboveInputTokens: entry.longContext.aboveInputTokens, rates: toRates(entry.longContext) },
    });
  }
  for (const [alias, target] of Object.entries(file.aliases)) {
    const price = models.get(target.toLowerCase());
    if (price === undefined) {
      throw new TightropeError('invalid_field', {
        message: `The price file's alias "${alias}" points at "${target}", which has no price.`,
        param: `aliases.${alias}`,
      });
    }
    models.set(alias.toLowerCase(), price);
  }
  return { asOf: file.asOf, flexDivisor: BigInt(file.flexDivisor), models };
}

/** What may follow a priced name without making it another model: a snapshot's date or `-latest`. */
const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/**
 * The price of a model name: the longest priced prefix, provided that only a snapshot suffix follows it. `gpt-5.4-2026-03-05`
 * costs what `gpt-5.4` costs, but `gpt-5.5-pro` is another model than `gpt-5.5` and stays unknown until the file names it.
 */
export function priceOf(table: PriceTable, model: string): ModelPrice | null {
  const name = model.trim().toLowerCase();
  return table.models.get(name) ?? table.models.get(name.replace(SNAPSHOT, '')) ?? null;
}

function toRates(entry: RatesEntry): Rates {
  const input = toUnits(entry.input);
  return {
    input,
    cachedInput: entry.cachedInput === null ? input : toUnits(entry.cachedInput),
    output: toUnits(entry.output),
  };
}

function toUnits(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}
