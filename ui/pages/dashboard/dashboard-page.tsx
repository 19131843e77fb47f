/** How much is left, when it comes back, what needs a person. */
import { PageHeader } from '../../components/page-header/page-header';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { accountList, renewAll } from '../../state/accounts';
import { openAddAccount } from '../../state/commands';
import { progress } from '../../state/progress';
import { dashboardText } from '../../strings';
import { Attention } from './attention';
import { CapacityCard } from './capacity-card';
import { FigureCards } from './figure-cards';
import { RecentErrors, RecentEvents } from './recent';
import { ResetTimeline } from './reset-timeline';
import './dashboard.css';

async function refreshEverything(): Promise<void> {
  const show = (done: number, total: number): void => {
    progress.value = { label: dashboardText.refreshing, done, total };
  };
  try {
    await renewAll(show);
  } finally {
    progress.value = null;
  }
}

export function DashboardPage() {
  return (
    <div class="page">
      <PageHeader eyebrow={dashboardText.eyebrow} title={dashboardText.title}>
        <button
          type="button"
          class="button"
          disabled={progress.value !== null}
          onClick={() => void refreshEverything()}
        >
          {dashboardText.refresh}
        </button>
      </PageHeader>
      <div class="page-body" tabIndex={0} role="region" aria-label={dashboardText.title}>
        <Loaded of={accountList} lines={8}>
          {({ accounts }) => (accounts.length === 0 ? <NoAccounts /> : <Overview />)}
        </Loaded>
      </div>
    </div>
  );
}

function NoAccounts() {
  return (
    <Empty title={dashboardText.noAccountsTitle}>
      <p class="muted">{dashboardText.noAccounts}</p>
      <button type="button" class="button solid" onClick={openAddAccount}>
        {dashboardText.addFirst}
      </button>
    </Empty>
  );
}

function Overview() {
  return (
    <div class="dashboard">
      <FigureCards />
      <CapacityCard which="short" />
      <CapacityCard which="weekly" />
      <Attention />
      <ResetTimeline />
      <RecentErrors />
      <RecentEvents />
    </div>
  );
}
