/** The accounts as cards of one height; only those in sight exist, so that two hundred scroll well. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Account } from '../../../sidecar/contract/account';
import { PlanBadge, StatusBadge, Badge } from '../../components/badge/badge';
import { Empty } from '../../components/empty/empty';
import { QuotaBar } from '../../components/quota-bar/quota-bar';
import { quotaWindows } from '../../format/quota';
import { labelOf } from '../../state/accounts';
import { isLit } from '../../state/traffic';
import { accountText, quotaText } from '../../strings';
import { visibleRange } from '../../components/data-table/visible-range';
import type { AccountListProps } from './account-list';

const CARD_PX = 118;

export function AccountCards(props: AccountListProps) {
  const { accounts } = props;
  const box = useRef<HTMLUListElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watch = new ResizeObserver(() => setView({ top: element.scrollTop, height: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  if (accounts.length === 0) return <Empty title={accountText.noMatch} />;
  const { first, end } = visibleRange(view.top, view.height, CARD_PX, accounts.length);
  return (
    <ul
      ref={box}
      class="account-cards"
      aria-label={accountText.title}
      tabIndex={-1}
      onScroll={({ currentTarget }) => setView({ top: currentTarget.scrollTop, height: currentTarget.clientHeight })}
      onKeyDown={steer}
    >
      <li class="account-space" aria-hidden="true" style={{ height: `${accounts.length * CARD_PX}px` }} />
      {accounts.slice(first, end).map((account, offset) => (
        <li
          key={account.accountId}
          class="account-slot"
          style={{ transform: `translateY(${(first + offset) * CARD_PX}px)` }}
        >
          <AccountCard account={account} list={props} />
        </li>
      ))}
    </ul>
  );
}

/** ↑ ↓ j k move between the cards. */
function steer(event: KeyboardEvent): void {
  const by = event.key === 'ArrowDown' || event.key === 'j' ? 1 : event.key === 'ArrowUp' || event.key === 'k' ? -1 : 0;
  if (by === 0 || !(event.target instanceof HTMLElement)) return;
  const slot = event.target.closest('.account-slot');
  const next = by > 0 ? slot?.nextElementSibling : slot?.previousElementSibling;
  event.preventDefault();
  next?.querySelector<HTMLElement>('.account-open')?.focus();
}

function AccountCard({ account, list }: { readonly account: Account; readonly list: AccountListProps }) {
  const { accountId } = account;
  const name = labelOf(accountId);
  const windows = quotaWindows(account);
  const lit = `${isLit(accountId, 'up') ? 'lit-up' : ''} ${isLit(accountId, 'down') ? 'lit-down' : ''}`;
  return (
    <article class={`account-card ${list.openId === accountId ? 'open' : ''} ${lit}`}>
      <header class="row">
        <input
          type="checkbox"
          checked={list.selected.has(accountId)}
          aria-label={accountText.selectOne(name)}
          onChange={() => list.onToggle(accountId)}
        />
        <button
          type="button"
          class="account-open ellipsis"
          title={account.email}
          aria-current={list.openId === accountId}
          onClick={() => list.onOpen(accountId)}
        >
          {name}
        </button>
        {account.routingPinned ? <Badge tone="accent">{accountText.pinned}</Badge> : null}
        <PlanBadge plan={account.planType} />
        <StatusBadge account={account} />
      </header>
      {windows.length === 0 ? (
        <p class="small faint">{quotaText.none}</p>
      ) : (
        windows.slice(0, 2).map((window) => <QuotaBar key={window.label} window={window} compact />)
      )}
    </article>
  );
}
