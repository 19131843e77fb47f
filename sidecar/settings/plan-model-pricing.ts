/** The grammar of routing price overrides (spec/data-security.md 3.4): `plan@model=input:output`, separated by `,` or `;`. */

/** USD per million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

export interface PriceOverrides {
  /** By `plan@model` in lower case; the model may be `*`. */
  readonly prices: ReadonlyMap<string, TokenPrice>;
  /** Entries that could not be read. */
  readonly malformed: readonly string[];
}

const ENTRY = /^([^@=]+)@([^@=]+)=\s*(\d+(?:\.\d+)?)\s*:\s*(\d+(?:\.\d+)?)$/;

/** Reads every entry it can; the last one of a name counts. */
export function parsePriceOverrides(text: string): PriceOverrides {
  const prices = new Map<string, TokenPrice>();
  const malformed: string[] = [];
  for (const part of text.split(/[,;]/)) {
    const entry = part.trim();
    if (entry === '') continue;
    const [, plan = '', model = '', input = '', output = ''] = ENTRY.exec(entry) ?? [];
    const name = `${plan.trim()}@${model.trim()}`.toLowerCase();
    const price = { input: Number(input), output: Number(output) };
    const isRead = plan.trim() !== '' && model.trim() !== '' && Number.isFinite(price.input + price.output);
    if (isRead) prices.set(name, price);
    else malformed.push(entry);
  }
  return { prices, malformed };
}
