/** One quota window as label, remainder, countdown and bar. The same everywhere (spec/ui.md 5.5). */
import { formatPercent } from '../../format/number';
import { quotaTone, type QuotaView } from '../../format/quota';
import { formatCountdown, formatFull } from '../../format/time';
import { quotaText } from '../../strings';
import { useNow } from '../age/use-now';
import './quota-bar.css';

export function QuotaBar({ window, compact = false }: { readonly window: QuotaView; readonly compact?: boolean }) {
  const now = useNow(15_000);
  const tone = quotaTone(window.remainingPercent);
  const reset = window.resetAtMs === null ? '' : formatCountdown(window.resetAtMs, now);
  return (
    <div class={compact ? 'quota quota-compact' : 'quota'}>
      <div class="quota-line">
        <span class="muted">{window.label}</span>
        <span class="quota-figure">
          <strong class={`quota-${tone}`}>{formatPercent(window.remainingPercent)}</strong> {quotaText.left}
          {reset === '' ? null : (
            <span class="faint" title={formatFull(window.resetAtMs)}>
              {' · '}
              {quotaText.backIn(reset)}
            </span>
          )}
        </span>
      </div>
      <Track
        percent={window.remainingPercent}
        tone={window.class === 'weekly' && tone === 'ok' ? 'weekly' : tone}
        label={quotaText.barLabel(window.label, formatPercent(window.remainingPercent))}
      />
    </div>
  );
}

export function Track({
  percent,
  tone,
  label,
}: {
  readonly percent: number;
  readonly tone: string;
  readonly label: string;
}) {
  return (
    <div class={`track track-${tone}`} role="img" aria-label={label}>
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
