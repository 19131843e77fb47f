/** Which page is shown, each inside a boundary of its own. */
import type { ComponentType } from 'preact';
import { Boundary } from './components/boundary/boundary';
import { Frame } from './components/frame/frame';
import { AccountsPage } from './pages/accounts/accounts-page';
import { BarrierPage } from './pages/barrier/barrier-page';
import { DashboardPage } from './pages/dashboard/dashboard-page';
import { ClusterPage } from './pages/cluster/cluster-page';
import { KeysPage } from './pages/keys/keys-page';
import { LogsPage } from './pages/logs/logs-page';
import { RouterPage } from './pages/router/router-page';
import { SessionsPage } from './pages/sessions/sessions-page';
import { SettingsPage } from './pages/settings/settings-page';
import { barrier } from './state/connection';
import { place, type Page } from './state/place';
import { paletteText } from './strings';

const PAGE_PARTS: Readonly<Record<Page, ComponentType>> = {
  dashboard: DashboardPage,
  router: RouterPage,
  accounts: AccountsPage,
  sessions: SessionsPage,
  logs: LogsPage,
  keys: KeysPage,
  settings: SettingsPage,
  cluster: ClusterPage,
};

export function App() {
  const { page } = place.value;
  const Shown = PAGE_PARTS[page];
  return (
    <Frame>
      {barrier.value === null ? (
        <Boundary key={page} name={paletteText.pages[page]}>
          <Shown />
        </Boundary>
      ) : (
        <BarrierPage barrier={barrier.value} />
      )}
    </Frame>
  );
}
