/** Starts the page. */
import { render } from 'preact';
import { App } from './app';
import { startClock } from './state/clock';
import { onReturn, startConnection } from './state/connection';
import { refreshAll, startFreshness } from './state/freshness';
import { startKeyboard } from './state/keyboard';
import { startLive } from './state/live';
import { startMilestones } from './state/milestones';
import { notify } from './state/notices';
import { startPlace } from './state/place';
import { startPreferences } from './state/preferences';
import { startSettings } from './state/settings';
import { startTheme } from './state/theme';
import { startTraffic } from './state/traffic';
import { noticeText } from './strings';
import './styles/tokens.css';
import './styles/base.css';

const sockets = location.origin.replace(/^http/, 'ws');

startPreferences();
startTheme();
startPlace();
startConnection();
onReturn(() => {
  notify('success', noticeText.backAgain);
  refreshAll();
});
startClock();
startFreshness();
startSettings();
startKeyboard();
startMilestones();
startLive(`${sockets}/api/events/ws`);
startTraffic(`${sockets}/api/accounts/traffic/ws`);
window.addEventListener('unhandledrejection', ({ reason }) => {
  notify('error', noticeText.pageError(reason instanceof Error ? reason.message : String(reason)));
});

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
