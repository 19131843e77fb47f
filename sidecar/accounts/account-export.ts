/** A login with what people have set for it, in the clear: for sealing only. */
import type { ExportedLogin } from '../contract/pool-export';
import { tagsFrom } from './account-policy';
import type { RosterEntry } from './roster';

/** `null` = an account without a login: there is nothing to take along. */
export function exportedLogin({ facts, tokens, policy }: RosterEntry): ExportedLogin | null {
  if (tokens === null) return null;
  return {
    email: facts.email,
    chatgptAccountId: facts.chatgpt_account_id,
    planType: facts.plan_type,
    ...tokens,
    lastRefreshAtMs: facts.last_refresh_at_ms,
    paused: facts.status === 'paused',
    alias: facts.alias,
    tags: tagsFrom(facts.tags),
    mode: policy.preference,
    maxUsedPercent: policy.maxUsedPercent,
    maxConcurrent: policy.maxConcurrent,
  };
}
