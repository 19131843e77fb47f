/** What stays on the screen whatever the page: title, capacity, rail, page, status; and what lies over it. */
import type { ComponentChildren } from 'preact';
import { frameDialog } from '../../state/commands';
import { barrier, answeredAtMs, unreachableSinceMs } from '../../state/connection';
import { nowMs } from '../../state/clock';
import { refreshAll } from '../../state/freshness';
import { formatClock, formatDuration } from '../../format/time';
import { frameText } from '../../strings';
import { Palette } from '../palette/palette';
import { Shortcuts } from '../palette/shortcuts';
import { Toasts } from '../toasts/toasts';
import { About } from './about';
import { CapacityHeader } from './capacity-header';
import { Rail } from './rail';
import { StatusBar } from './status-bar';
import { TitleBar } from './title-bar';
import './frame.css';

export function Frame({ children }: { readonly children: ComponentChildren }) {
  const dialog = frameDialog.value;
  const isDown = unreachableSinceMs.value !== null;
  return (
    <div class="frame">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {frameText.skip}
      </a>
      <TitleBar />
      <OfflineBanner />
      {barrier.value === null ? (
        <>
          <CapacityHeader />
          <div class="shell">
            <Rail />
            <main id="main" tabIndex={-1} class={isDown ? 'stale' : ''}>
              {children}
            </main>
          </div>
        </>
      ) : (
        <main id="main" tabIndex={-1} class="barrier">
          {children}
        </main>
      )}
      <StatusBar />
      <Toasts />
      {dialog === 'palette' ? <Palette /> : null}
      {dialog === 'shortcuts' ? <Shortcuts /> : null}
      {dialog === 'about' ? <About /> : null}
    </div>
  );
}

function OfflineBanner() {
  const since = unreachableSinceMs.value;
  if (since === null) return null;
  const answered = answeredAtMs.value;
  return (
    <div class="offline" role="alert">
      <strong>{frameText.unreachable}</strong>
      <span>
        {frameText.unreachableFor(formatDuration(nowMs.value - since))}
        {answered === null ? '' : ` ${frameText.asOf(formatClock(answered))}`}
      </span>
      <button type="button" class="button" onClick={refreshAll}>
        {frameText.tryNow}
      </button>
    </div>
  );
}
