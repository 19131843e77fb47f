/** When quota comes back: one lane per account, from now to a day or a week ahead, and the same as a list of words. */
import { useState } from 'preact/hooks';
import type { Account } from '../../../sidecar/contract/account';
import { Tabs } from '../../components/tabs/tabs';
import { useNow } from '../../components/age/use-now';
import { countsForPool, quotaWindows } from '../../format/quota';
import { formatPercent } from '../../format/number';
import { formatCountdown, formatFull, formatMoment } from '../../format/time';
import { accounts, labelOf } from '../../state/accounts';
import { dashboardText } from '../../strings';

const SPANS = { day: 86_400_000, week: 7 * 86_400_000 } as const;
type Span = keyof typeof SPANS;

export function ResetTimeline() {
  const [span, setSpan] = useState<Span>('day');
  const now = useNow(60_000);
  const lanes = accounts.value.filter(
    (account) => countsForPool(account) && quotaWindows(account).some(({ resetAtMs }) => resetAtMs !== null),
  );
  return (
    <section class="card timeline-card">
      <header>
        <h2>{dashboardText.timeline}</h2>
        <Tabs
          label={dashboardText.timeline}
          value={span}
          tabs={[
            ['day', '24 h'],
            ['week', '7 d'],
          ]}
          onChange={setSpan}
        />
      </header>
      <p class="small faint">{dashboardText.timelineHelp}</p>
      {lanes.length === 0 ? <p class="muted">{dashboardText.noResets}</p> : null}
      <ul class="timeline">
        {lanes.map((account) => (
          <Lane key={account.accountId} account={account} now={now} spanMs={SPANS[span]} />
        ))}
      </ul>
      {lanes.length === 0 ? null : <Scale now={now} spanMs={SPANS[span]} />}
    </section>
  );
}

function Lane({ account, now, spanMs }: { readonly account: Account; readonly now: number; readonly spanMs: number }) {
  return (
    <li>
      <span class="ellipsis small">{labelOf(account.accountId)}</span>
      <div class="lane">
        {quotaWindows(account).map((window) => {
          if (window.resetAtMs === null) return null;
          const share = Math.min(1, Math.max(0, (window.resetAtMs - now) / spanMs));
          const words = `${window.label}: ${formatPercent(window.remainingPercent)} · ${formatCountdown(window.resetAtMs, now)}`;
          return (
            <div
              key={window.label}
              class={`lane-window lane-${window.class}`}
              style={{ width: `${share * 100}%` }}
              title={`${words} · ${formatFull(window.resetAtMs)}`}
            >
              <span class="lane-used" style={{ width: `${window.usedPercent}%` }} />
              <span class="lane-words small">{words}</span>
            </div>
          );
        })}
      </div>
    </li>
  );
}

const MARKS = 4;

function Scale({ now, spanMs }: { readonly now: number; readonly spanMs: number }) {
  return (
    <div class="scale small faint" aria-hidden="true">
      {Array.from({ length: MARKS + 1 }, (_, index) => (
        <span key={index}>{index === 0 ? dashboardText.now : formatMoment(now + (spanMs * index) / MARKS, now)}</span>
      ))}
    </div>
  );
}
