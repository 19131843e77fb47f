/** The account's windows, further limits and credits, and the words of upstream behind them. */
import { useMemo, useState } from 'preact/hooks';
import type { Account } from '../../../sidecar/contract/account';
import type { AccountQuota, QuotaFamilyView } from '../../../sidecar/contract/quota';
import { readQuota } from '../../api/accounts';
import { Age } from '../../components/age/age';
import { Badge } from '../../components/badge/badge';
import { Loaded } from '../../components/empty/loaded';
import { QuotaBar } from '../../components/quota-bar/quota-bar';
import { quotaView, quotaWindows } from '../../format/quota';
import { renewUsage } from '../../state/accounts';
import { resource } from '../../state/resource';
import { accountText, quotaText } from '../../strings';

/** Upstream is asked at least this often while an account is in use, ms. */
const STALE_MS = 15 * 60_000;

export function QuotaCard({ account }: { readonly account: Account }) {
  const [busy, setBusy] = useState(false);
  const quota = useMemo(
    () => resource((abort) => readQuota(account.accountId, abort)),
    [account.accountId, account.usageTelemetryRefreshedAtMs],
  );
  const windows = quotaWindows(account);
  const refresh = async (): Promise<void> => {
    setBusy(true);
    await renewUsage(account.accountId);
    setBusy(false);
  };
  return (
    <section class="card">
      <header>
        <h3>{accountText.usage}</h3>
        <Age atMs={account.usageTelemetryRefreshedAtMs} staleAfterMs={STALE_MS} prefix={accountText.observed} />
        <button type="button" class="button" disabled={busy} onClick={() => void refresh()}>
          {accountText.refreshUsage}
        </button>
      </header>
      <div class="stack">
        {windows.length === 0 ? (
          <p class="muted">{quotaText.none}</p>
        ) : (
          windows.map((window) => <QuotaBar key={window.label} window={window} />)
        )}
        <Loaded of={quota} lines={2}>
          {(full) => <More quota={full} />}
        </Loaded>
      </div>
    </section>
  );
}

function More({ quota }: { readonly quota: AccountQuota }) {
  const { credits, raw } = quota;
  return (
    <>
      {quota.additional.map((family) => (
        <Family key={family.family} family={family} />
      ))}
      {credits === null ? null : (
        <p class="row">
          <span class="muted">{accountText.credits}</span>
          <span>
            {credits.unlimited
              ? accountText.creditsFacts.unlimited
              : (credits.balance ?? (credits.hasCredits ? '—' : accountText.creditsFacts.none))}
          </span>
          <Age atMs={credits.observedAtMs} prefix={accountText.observed} />
        </p>
      )}
      {raw.length === 0 ? null : (
        <details class="raw">
          <summary title={accountText.rawHelp}>{accountText.raw}</summary>
          {raw.map((reading) => (
            <figure key={reading.source}>
              <figcaption class="row small">
                <strong>{reading.source}</strong> <Age atMs={reading.observedAtMs} />
              </figcaption>
              <pre tabIndex={0} class="mono">
                {JSON.stringify(reading.value, null, 2)}
              </pre>
            </figure>
          ))}
        </details>
      )}
    </>
  );
}

function Family({ family }: { readonly family: QuotaFamilyView }) {
  return (
    <div class="stack">
      <p class="row">
        <strong class="small">{family.name ?? family.family}</strong>
        {family.models.map((model) => (
          <Badge key={model} tone="plain">
            {model}
          </Badge>
        ))}
      </p>
      {family.windows.map((window) => (
        <QuotaBar key={`${window.class}${window.windowSeconds ?? ''}`} window={quotaView(window)} compact />
      ))}
    </div>
  );
}
