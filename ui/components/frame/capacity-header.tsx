/** How much is left and when it comes back: on every page (spec/ui.md 19.4.1). */
import { poolWindow, quotaTone, type PoolWindow } from '../../format/quota';
import { formatPercent } from '../../format/number';
import { formatCountdown, formatFull } from '../../format/time';
import { accountList, accounts, labelOf } from '../../state/accounts';
import { useFresh } from '../../state/freshness';
import { go } from '../../state/place';
import { health, proxySwitch, routerState, setEnabled, setPaused } from '../../state/runtime';
import { capacityText } from '../../strings';
import { useNow } from '../age/use-now';
import { Icon } from '../icon/icon';

export function CapacityHeader() {
  useFresh(accountList);
  useFresh(health);
  useFresh(proxySwitch);
  return (
    <section class="capacity" aria-label={capacityText.title}>
      <RouterChip />
      <PoolBar window={poolWindow(accounts.value, 'short')} />
      <PoolBar window={poolWindow(accounts.value, 'weekly')} />
      <SwitchButton />
    </section>
  );
}

function RouterChip() {
  const state = routerState.value;
  const counts = health.data.value?.accounts;
  const turns = health.data.value?.turnsInFlight;
  return (
    <div class="router-chip" title={capacityText.stateHelp[state]}>
      <span class={`dot dot-${state}`} aria-hidden="true" />
      <span>
        <strong>{capacityText.states[state]}</strong>
        <span class="small muted">
          {counts === undefined ? capacityText.noCounts : capacityText.counts(counts.usable, counts.total, turns ?? 0)}
        </span>
      </span>
    </div>
  );
}

function PoolBar({ window }: { readonly window: PoolWindow }) {
  const now = useNow(15_000);
  const left = window.remainingPercent;
  const { next } = window;
  const words =
    next === null
      ? ''
      : capacityText.next(
          formatPercent(next.window.usedPercent / window.accounts.length),
          formatCountdown(next.window.resetAtMs, now),
          labelOf(next.account.accountId),
        );
  return (
    <a
      class="pool-bar"
      href="#/dashboard"
      title={capacityText.barHelp}
      onClick={(event) => {
        event.preventDefault();
        go({ page: 'dashboard' });
      }}
    >
      <span class="pool-bar-line">
        <span class="muted">{capacityText.windows[window.class]}</span>
        <strong class={left === null ? '' : `quota-${quotaTone(left)}`}>
          {left === null ? capacityText.unknown : capacityText.left(formatPercent(left))}
        </strong>
        <span class="small faint ellipsis" title={next === null ? undefined : formatFull(next.window.resetAtMs)}>
          {words}
        </span>
      </span>
      <span
        class="pool-segments"
        role="img"
        aria-label={capacityText.barLabel(
          capacityText.windows[window.class],
          left === null ? capacityText.unknown : formatPercent(left),
        )}
      >
        {window.accounts.map(({ account, window: one }) => (
          <span
            key={account.accountId}
            class={`segment segment-${window.class} segment-${quotaTone(one.remainingPercent)}`}
          >
            <span style={{ width: `${one.remainingPercent}%` }} />
          </span>
        ))}
      </span>
    </a>
  );
}

function SwitchButton() {
  const now = proxySwitch.data.value;
  if (now === null) return null;
  if (!now.enabled) {
    return (
      <button type="button" class="button primary" onClick={() => void setEnabled(true)}>
        <Icon name="play" size={14} />
        {capacityText.start}
      </button>
    );
  }
  return (
    <button
      type="button"
      class={now.paused ? 'button primary' : 'button'}
      title={capacityText.pauseHelp}
      onClick={() => void setPaused(!now.paused)}
    >
      <Icon name={now.paused ? 'play' : 'pause'} size={14} />
      {now.paused ? capacityText.resume : capacityText.pause}
    </button>
  );
}
