/** Which accounts a decision record shows when there are more than it may hold. */
import type { PoolCandidate } from './pool-candidate';
import type { Binding } from './routing-ports';
import type { Selection } from './selection';

/** Room left for accounts that were kept out: somebody may look for just these. */
const ROOM_FOR_OTHERS = 5;

/** Everybody, or the chosen one, the bound one, the best scores, and some who were kept out. */
export function shownCandidates(selection: Selection, binding: Binding, most: number): readonly PoolCandidate[] {
  const { candidates, chosen, eligible } = selection;
  const isOwner = ({ id }: PoolCandidate): boolean => id === binding.accountId;
  if (binding.grade === 'must') return candidates.filter(isOwner);
  if (candidates.length <= most) return candidates;
  const shown = new Set<PoolCandidate>();
  if (chosen !== null) shown.add(chosen);
  const owner = binding.accountId === null ? undefined : candidates.find(isOwner);
  if (owner !== undefined) shown.add(owner);
  for (const index of bestIndexes(selection, most - ROOM_FOR_OTHERS)) {
    const candidate = eligible[index];
    if (candidate !== undefined) shown.add(candidate);
  }
  for (let place = 0; place < candidates.length && shown.size < most; place += 1) {
    const candidate = candidates[place];
    if (candidate !== undefined && candidate.rank > selection.lowestRank) shown.add(candidate);
  }
  return [...shown];
}

/** The `count` highest scores, best first; the first ones where nobody was scored. Indexes among the eligible. */
function bestIndexes({ eligible, choice }: Selection, count: number): number[] {
  const best: number[] = [];
  if (choice === null) {
    for (let i = 0; i < Math.min(count, eligible.length); i += 1) best.push(i);
    return best;
  }
  const { scores } = choice;
  const scoreAt = (at: number): number => scores[best[at] ?? -1] ?? -Infinity;
  let least = -Infinity;
  for (let i = 0; i < eligible.length; i += 1) {
    const score = scores[i] ?? NaN;
    if (best.length === count && !(score > least)) continue;
    let at = best.length;
    while (at > 0 && score > scoreAt(at - 1)) at -= 1;
    best.splice(at, 0, i);
    best.length = Math.min(best.length, count);
    least = scoreAt(best.length - 1);
  }
  return best;
}
