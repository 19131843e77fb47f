/** What people call an account: its alias, else its e-mail, else the beginning of its id; never empty. */
import type { AccountFacts } from './roster';

/** What of an id a label shows. The beginning of a UUIDv7 is its time, so accounts of one import share it. */
const LABEL_ID_CHARS = 8;

/** For messages and events. */
export function accountLabel(facts: Pick<AccountFacts, 'alias' | 'email' | 'id'>): string {
  return facts.alias ?? emailLabel(facts);
}

/** The API's `email`: scripts and the page drop an account without one (spec/admin-api.md 6.1, G-28). */
export function emailLabel(facts: Pick<AccountFacts, 'email' | 'id'>): string {
  return facts.email ?? `account-${facts.id.slice(0, LABEL_ID_CHARS)}`;
}
