/** The accounts in a narrow column: state, what is left, traffic; a click shows only its requests. */
import type { Account } from '../../../sidecar/contract/account';
import { PlanBadge, StatusBadge } from '../../components/badge/badge';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { Icon } from '../../components/icon/icon';
import { QuotaBar } from '../../components/quota-bar/quota-bar';
import { orderAccounts, type AccountOrder } from '../../format/account';
import { quotaWindows } from '../../format/quota';
import { accountList, act, labelOf } from '../../state/accounts';
import { go } from '../../state/place';
import { preferences } from '../../state/preferences';
import { isLit } from '../../state/traffic';
import { accountText, commonText, routerText } from '../../strings';

interface Props {
  readonly focus: string | null;
  readonly onFocus: (accountId: string | null) => void;
}

export function PoolPane({ focus, onFocus }: Props) {
  return (
    <section class="pool-pane" aria-label={routerText.pool}>
      <Loaded of={accountList} lines={8}>
        {({ accounts }) =>
          accounts.length === 0 ? (
            <Empty title={routerText.noPool} />
          ) : (
            <ul>
              {pinnedFirst(orderAccounts(accounts, preferences.value.accountOrder as AccountOrder)).map((account) => (
                <li key={account.accountId}>
                  <PoolAccount account={account} isFocus={focus === account.accountId} onFocus={onFocus} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function pinnedFirst(accounts: readonly Account[]): readonly Account[] {
  return [
    ...accounts.filter(({ routingPinned }) => routingPinned),
    ...accounts.filter(({ routingPinned }) => !routingPinned),
  ];
}

function PoolAccount({
  account,
  isFocus,
  onFocus,
}: {
  readonly account: Account;
  readonly isFocus: boolean;
  readonly onFocus: Props['onFocus'];
}) {
  const { accountId } = account;
  const name = labelOf(accountId);
  const lit = `${isLit(accountId, 'up') ? 'lit-up' : ''} ${isLit(accountId, 'down') ? 'lit-down' : ''}`;
  return (
    <article class={`pool-account ${isFocus ? 'open' : ''} ${lit}`}>
      <header class="row">
        <button
          type="button"
          class="account-open ellipsis"
          aria-pressed={isFocus}
          title={routerText.select(name)}
          onClick={() => onFocus(isFocus ? null : accountId)}
        >
          {name}
        </button>
        <button
          type="button"
          class="button quiet icon"
          aria-label={`${commonText.details}: ${name}`}
          title={commonText.details}
          onClick={() => go({ page: 'accounts', part: accountId })}
        >
          <Icon name="accounts" size={14} />
        </button>
        <PinButton account={account} name={name} />
      </header>
      <div class="row small">
        <PlanBadge plan={account.planType} />
        <StatusBadge account={account} />
        <span class="spacer" />
        <span class="faint">
          {account.inflight === null || account.inflight === 0 ? '' : `${account.inflight} ${dashboardInflight}`}
        </span>
      </div>
      {quotaWindows(account)
        .slice(0, 2)
        .map((window) => (
          <QuotaBar key={window.label} window={window} compact />
        ))}
    </article>
  );
}

function PinButton({ account, name }: { readonly account: Account; readonly name: string }) {
  const { accountId, routingPinned, status } = account;
  const pin = routingPinned ? accountText.unpin : accountText.pin;
  return (
    <button
      type="button"
      class={routingPinned ? 'button primary icon' : 'button quiet icon'}
      aria-label={`${pin}: ${name}`}
      title={`${pin}. ${accountText.pinHelp}`}
      disabled={!routingPinned && status !== 'active'}
      onClick={() => void act(accountId, routingPinned ? 'unpin' : 'pin')}
    >
      <Icon name="pin" size={14} />
    </button>
  );
}

const dashboardInflight = accountText.columns.inflight.toLowerCase();
