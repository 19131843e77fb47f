/** Tells the pool's limits what a failed attempt says about them. */
import type { PoolLimits } from '../ports';
import type { Classification } from '../upstream/classify';

/**
 * A limit that is about some models only is the model's matter on this account: the account goes on serving others, and the
 * limits themselves keep it from this one (issue: additional limits gate only their models).
 */
export function tellLimits(
  limits: Pick<PoolLimits, 'noteError'>,
  accountId: string,
  why: Classification,
  context: { readonly headers: readonly string[]; readonly model: string | null },
): Classification {
  if (why.facts === null) return why;
  const refused = limits.noteError(accountId, why.facts, context);
  return refused === 'model' ? { ...why, blame: 'model', verdict: null } : why;
}
