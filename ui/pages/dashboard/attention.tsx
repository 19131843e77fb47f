/** Accounts that wait for a person: why, and the button that helps. */
import type { Account } from '../../../sidecar/contract/account';
import { StatusBadge } from '../../components/badge/badge';
import { needsAttention } from '../../format/account';
import { accounts, labelOf, renewToken } from '../../state/accounts';
import { go } from '../../state/place';
import { dashboardText } from '../../strings';

export function Attention() {
  const waiting = accounts.value.filter(needsAttention);
  return (
    <section class="card">
      <header>
        <h2>{dashboardText.attention}</h2>
      </header>
      {waiting.length === 0 ? <p class="muted">{dashboardText.noAttention}</p> : null}
      <ul class="stack">
        {waiting.map((account) => (
          <Waiting key={account.accountId} account={account} />
        ))}
      </ul>
    </section>
  );
}

function Waiting({ account }: { readonly account: Account }) {
  const { accountId } = account;
  const isTokenTrouble = account.tokenRefreshNeedsAttention && account.status === 'active';
  return (
    <li>
      <div class="row">
        <button type="button" class="link ellipsis" onClick={() => go({ page: 'accounts', part: accountId })}>
          {labelOf(accountId)}
        </button>
        <StatusBadge account={account} />
        <span class="spacer" />
        <button
          type="button"
          class="button primary"
          onClick={() => (isTokenTrouble ? void renewToken(accountId) : go({ page: 'accounts', part: accountId }))}
        >
          {isTokenTrouble ? dashboardText.fix.refresh : dashboardText.fix.open}
        </button>
      </div>
      <p class="small muted">{account.reason ?? account.tokenRefreshLastError}</p>
      <p class="small faint">{account.nextStep}</p>
    </li>
  );
}
