/** What both ways of listing accounts are given. */
import type { Account } from '../../../sidecar/contract/account';

export interface AccountListProps {
  readonly accounts: readonly Account[];
  readonly openId: string;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (accountId: string) => void;
  readonly onOpen: (accountId: string) => void;
}
