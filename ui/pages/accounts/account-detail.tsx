/** Everything about one account, with the fix beside each problem. */
import { useState } from 'preact/hooks';
import type { Account } from '../../../sidecar/contract/account';
import { Badge, PlanBadge, StatusBadge } from '../../components/badge/badge';
import { Confirm } from '../../components/dialog/confirm';
import { KeyValues } from '../../components/key-values/key-values';
import { formatCount, formatPercent, formatUsd } from '../../format/number';
import { formatAge, formatCountdown, formatFull } from '../../format/time';
import { useNow } from '../../components/age/use-now';
import { act, labelOf, remove, renewToken } from '../../state/accounts';
import { go, setPart } from '../../state/place';
import { preferences } from '../../state/preferences';
import { Icon } from '../../components/icon/icon';
import { accountText, commonText } from '../../strings';
import { AddAccount } from './add-account';
import { PolicyForm } from './policy-form';
import { QuotaCard } from './quota-card';
import { TrendCard } from './trend-card';

export function AccountDetail({ account }: { readonly account: Account }) {
  return (
    <section class="accounts-detail" aria-label={labelOf(account.accountId)} tabIndex={0}>
      <DetailHead account={account} />
      {account.reason === null && account.nextStep === null ? null : (
        <div class="detail-note" role="note">
          <p>{account.reason}</p>
          {account.nextStep === null ? null : (
            <p class="muted">
              {accountText.nextStep}: {account.nextStep}
            </p>
          )}
        </div>
      )}
      <div class="detail-cards">
        <QuotaCard account={account} />
        <TrendCard accountId={account.accountId} />
        <Totals account={account} />
        <Login account={account} />
        <PolicyForm key={account.updatedAtMs} account={account} />
        <Identity account={account} />
      </div>
    </section>
  );
}

function DetailHead({ account }: { readonly account: Account }) {
  const { accountId, status, routingPinned } = account;
  const [deleting, setDeleting] = useState(false);
  const name = labelOf(accountId);
  const isPaused = status === 'paused';
  const erase = async (): Promise<void> => {
    if (await remove(accountId)) setPart('');
  };
  return (
    <header class="detail-head">
      <button
        type="button"
        class="button quiet icon detail-back"
        aria-label={commonText.close}
        onClick={() => setPart('')}
      >
        <Icon name="close" />
      </button>
      <h2 class="ellipsis">{name}</h2>
      <PlanBadge plan={account.planType} />
      <StatusBadge account={account} />
      {routingPinned ? <Badge tone="accent">{accountText.pinned}</Badge> : null}
      <span class="spacer" />
      <button
        type="button"
        class={isPaused ? 'button primary' : 'button'}
        onClick={() => void act(accountId, isPaused ? 'reactivate' : 'pause')}
      >
        {isPaused ? accountText.resume : accountText.pause}
      </button>
      <button
        type="button"
        class="button"
        title={accountText.pinHelp}
        disabled={!routingPinned && status !== 'active'}
        onClick={() => void act(accountId, routingPinned ? 'unpin' : 'pin')}
      >
        {routingPinned ? accountText.unpin : accountText.pin}
      </button>
      <button type="button" class="button danger" onClick={() => setDeleting(true)}>
        {accountText.delete}
      </button>
      {deleting ? (
        <Confirm
          title={accountText.deleteTitle(name)}
          action={accountText.delete}
          typed={name}
          onConfirm={erase}
          onClose={() => setDeleting(false)}
        >
          <p>{accountText.deleteText}</p>
        </Confirm>
      ) : null}
    </header>
  );
}

function Totals({ account }: { readonly account: Account }) {
  const names = accountText.totals;
  return (
    <section class="card">
      <header>
        <h3>{accountText.requestTotals}</h3>
      </header>
      <KeyValues
        facts={[
          [names.requests, formatCount(account.requests24h)],
          [names.cost, formatUsd(account.totalCost24hUsd)],
          [names.share, account.costNorm === null ? null : formatPercent(account.costNorm * 100)],
          [names.inflight, formatCount(account.inflight)],
        ]}
      />
      <button
        type="button"
        class="button card-more"
        onClick={() => go({ page: 'logs', query: { accountId: account.accountId } })}
      >
        {accountText.openLogs}
      </button>
    </section>
  );
}

function Login({ account }: { readonly account: Account }) {
  const now = useNow(15_000);
  const [busy, setBusy] = useState(false);
  const [signingIn, setSigningIn] = useState(false);
  const names = accountText.loginFacts;
  const held = (has: boolean): string => (has ? accountText.sealed : accountText.missing);
  const renew = async (): Promise<void> => {
    setBusy(true);
    await renewToken(account.accountId);
    setBusy(false);
  };
  return (
    <section class="card">
      <header>
        <h3>{accountText.login}</h3>
        <button type="button" class="button" onClick={() => setSigningIn(true)}>
          {accountText.signInAgain}
        </button>
        {account.tokenRefreshNeedsAttention ? <Badge tone="warn">{accountText.attention}</Badge> : null}
        <button
          type="button"
          class="button"
          disabled={busy || !account.hasRefreshToken}
          title={account.hasRefreshToken ? undefined : accountText.missing}
          onClick={() => void renew()}
        >
          {accountText.refreshToken}
        </button>
      </header>
      <KeyValues
        facts={[
          [names.access, held(account.hasAccessToken)],
          [names.refresh, held(account.hasRefreshToken)],
          [names.id, held(account.hasIdToken)],
          [
            names.expires,
            account.accessTokenExpiresAtMs === null ? null : formatCountdown(account.accessTokenExpiresAtMs, now),
            formatFull(account.accessTokenExpiresAtMs),
          ],
          [
            names.lastRefresh,
            formatAge(account.tokenRefreshLastSuccessAtMs, now),
            formatFull(account.tokenRefreshLastSuccessAtMs),
          ],
          [
            names.nextRefresh,
            formatCountdown(account.tokenRefreshNextDueAtMs, now),
            formatFull(account.tokenRefreshNextDueAtMs),
          ],
          [names.lastError, account.tokenRefreshLastError],
        ]}
      />
      {signingIn ? <AddAccount accountId={account.accountId} onClose={() => setSigningIn(false)} /> : null}
    </section>
  );
}

function Identity({ account }: { readonly account: Account }) {
  const names = accountText.identityFacts;
  return (
    <section class="card">
      <header>
        <h3>{accountText.identity}</h3>
      </header>
      <KeyValues
        facts={[
          [names.email, preferences.value.hideEmails ? null : account.email],
          [names.id, <span class="mono">{account.accountId}</span>],
          [names.workspace, account.chatgptAccountId],
          [names.user, account.chatgptUserId],
          [names.plan, account.planType],
          [names.provider, account.provider],
          [names.created, formatFull(account.createdAtMs)],
          [names.updated, formatFull(account.updatedAtMs)],
        ]}
      />
    </section>
  );
}
