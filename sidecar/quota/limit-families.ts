/**
 * The limits an account can have beside its own, and which models each of them gates (codex-wire 2.9). Ids are upstream's
 * `metered_feature` in lower case with underscores; the header family `x-codex-bengalfox-…` is `codex_bengalfox`.
 */

/** The account's own limit. */
export const ACCOUNT_FAMILY = 'codex';
/** Code reviews on the provider's side: no model that is proxied. */
export const CODE_REVIEW_FAMILY = 'code_review';

const MAX_ID_CHARS = 64;
/** Names that `x-codex-active-limit` gives to the account's own limit (captures of 2026: `codex`, `premium`). */
const ACCOUNT_NAMES: ReadonlySet<string> = new Set(['', ACCOUNT_FAMILY, 'premium']);
const FAMILY_PREFIX = `${ACCOUNT_FAMILY}_`;

/**
 * Slug prefixes of the models a family gates, for families whose limit name does not tell. A name that is itself a model
 * (`GPT-5.3-Codex-Spark`) needs no entry.
 */
const GATED_MODELS: ReadonlyMap<string, readonly string[]> = new Map([['codex_bengalfox', ['gpt-5.3-codex-spark']]]);
const NO_MODELS: readonly string[] = [];

const MODEL_NAME = /^gpt-[a-z0-9.-]+$/;

/** Upstream's name of a limit as an id; the account's own names become `codex`. */
export function familyId(name: string): string {
  const id = name
    .slice(0, MAX_ID_CHARS)
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '_');
  return ACCOUNT_NAMES.has(id) ? ACCOUNT_FAMILY : id;
}

/** Id of the header family `x-codex-<infix>-…`; no infix = the account's own. */
export function headerFamilyId(infix: string): string {
  return infix === '' ? ACCOUNT_FAMILY : familyId(`${FAMILY_PREFIX}${infix}`);
}

/**
 * Whose windows the headers without infix are. They belong to the limit that the request was charged to: on a turn of a
 * model with a limit of its own they repeat that limit (captures in fawney19/Aether#748: active limit `codex_bengalfox`,
 * `x-codex-primary-*` equal to `x-codex-bengalfox-primary-*`). Unknown words are names of the account's limit.
 *
 * @param activeLimit value of `x-codex-active-limit`
 * @param isPresent whether the message has headers of this family
 */
export function chargedFamily(activeLimit: string | null, isPresent: (id: string) => boolean): string {
  const id = familyId(activeLimit ?? '');
  if (id === ACCOUNT_FAMILY || isPresent(id)) return id;
  const prefixed = `${FAMILY_PREFIX}${id}`;
  if (isPresent(prefixed)) return prefixed;
  return id.startsWith(FAMILY_PREFIX) ? id : ACCOUNT_FAMILY;
}

/** Prefixes of the model slugs that a family gates. None for the account's own limit, which gates what no other does. */
export function gatedModels(id: string, limitName: string | null): readonly string[] {
  const slug = limitName?.trim().toLowerCase().replace(/\s+/g, '-') ?? '';
  if (MODEL_NAME.test(slug)) return [slug];
  return GATED_MODELS.get(id) ?? NO_MODELS;
}

/** Whether a model's slug is the prefix or a variant of it (`…-spark`, `…-spark-mini`, not `…-sparkle`). */
export function isGated(model: string, prefix: string): boolean {
  if (!model.startsWith(prefix)) return false;
  const next = model.charCodeAt(prefix.length);
  return Number.isNaN(next) || next === 45 /* - */ || next === 58 /* : */ || next === 64; /* @ */
}
