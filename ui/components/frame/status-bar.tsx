/** The last message, the traffic of this process, and the clock. */
import { formatBytes } from '../../format/number';
import { formatClock } from '../../format/time';
import { progress } from '../../state/progress';
import { notices } from '../../state/notices';
import { nowMs } from '../../state/clock';
import { trafficDown, trafficSince, trafficUp, trafficRates } from '../../state/traffic';
import { frameText } from '../../strings';
import { Sparkline } from '../sparkline/sparkline';

/** A message that was read long ago is no status any more, ms. */
const MESSAGE_LIFE_MS = 10_000;

export function StatusBar() {
  return (
    <footer class="status-bar">
      <Message />
      <Traffic />
      <time class="mono">{formatClock(nowMs.value)}</time>
    </footer>
  );
}

function Message() {
  const running = progress.value;
  const newest = notices.value[0];
  if (running !== null) {
    return (
      <div class="status-message" role="status">
        <progress value={running.done} max={running.total} aria-label={running.label} />
        <span class="ellipsis">
          {running.label} {running.done}/{running.total}
        </span>
      </div>
    );
  }
  const isCurrent =
    newest !== undefined &&
    (newest.level === 'error' || newest.level === 'warn' || nowMs.value - newest.atMs < MESSAGE_LIFE_MS);
  const level = isCurrent ? newest.level : 'info';
  return (
    <div class="status-message" role="status">
      <span class={`dot dot-${level}`} aria-hidden="true" />
      <span class="ellipsis">{isCurrent ? newest.text : frameText.ready}</span>
    </div>
  );
}

function Traffic() {
  const since = trafficSince.value;
  if (since === null) return null;
  const rates = trafficRates.value;
  const words = frameText.traffic(formatBytes(trafficUp.value), formatBytes(trafficDown.value));
  return (
    <div class="traffic" title={frameText.trafficSince(formatClock(since))}>
      <Sparkline values={rates.up} width={60} height={16} color="var(--upload)" label={frameText.sentRate} />
      <span aria-hidden="true" class="small">
        ↑ {formatBytes(trafficUp.value)}
      </span>
      <Sparkline values={rates.down} width={60} height={16} color="var(--download)" label={frameText.receivedRate} />
      <span aria-hidden="true" class="small">
        ↓ {formatBytes(trafficDown.value)}
      </span>
      <span class="visually-hidden">{words}</span>
    </div>
  );
}
