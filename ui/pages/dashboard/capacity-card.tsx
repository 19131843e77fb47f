/** One window of the pool as a ring of accounts, with the same numbers as a list. */
import { Donut } from '../../components/donut/donut';
import { useNow } from '../../components/age/use-now';
import { formatPercent } from '../../format/number';
import { poolWindow } from '../../format/quota';
import { formatCountdown, formatFull } from '../../format/time';
import { accounts, labelOf } from '../../state/accounts';
import { go } from '../../state/place';
import { capacityText, dashboardText } from '../../strings';

const COLORS = 8;

export function CapacityCard({ which }: { readonly which: 'short' | 'weekly' }) {
  const now = useNow(15_000);
  const name = capacityText.windows[which];
  const { accounts: parts, remainingPercent } = poolWindow(accounts.value, which);
  const left = formatPercent(remainingPercent);
  return (
    <section class="card capacity-card">
      <header>
        <h2>{dashboardText.remaining(name)}</h2>
        <span class="small faint">{dashboardText.ofPool(parts.length)}</span>
      </header>
      {parts.length === 0 ? (
        <p class="muted">{dashboardText.noWindow}</p>
      ) : (
        <div class="capacity-inside">
          <Donut
            label={dashboardText.donutLabel(name, left)}
            whole={parts.length * 100}
            segments={parts.map(({ account, window }, index) => ({
              key: account.accountId,
              value: window.remainingPercent,
              color: colorAt(index),
              title: `${labelOf(account.accountId)}: ${formatPercent(window.remainingPercent)}`,
            }))}
          >
            <strong>{left}</strong>
            <span class="small muted">{dashboardText.left}</span>
          </Donut>
          <ul class="capacity-list" tabIndex={0} aria-label={dashboardText.remaining(name)}>
            {parts.map(({ account, window }, index) => (
              <li key={account.accountId}>
                <span class="legend-mark" style={{ background: colorAt(index) }} />
                <button
                  type="button"
                  class="link ellipsis"
                  onClick={() => go({ page: 'accounts', part: account.accountId })}
                >
                  {labelOf(account.accountId)}
                </button>
                <strong>{formatPercent(window.remainingPercent)}</strong>
                <span class="faint small" title={formatFull(window.resetAtMs)}>
                  {formatCountdown(window.resetAtMs, now)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}

function colorAt(index: number): string {
  return `var(--series-${(index % COLORS) + 1})`;
}
