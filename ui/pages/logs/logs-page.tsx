/** What was asked and how it went: requests with filters in the URL, and the sidecar's own events. */
import { PageHeader } from '../../components/page-header/page-header';
import { Tabs } from '../../components/tabs/tabs';
import { place, setPart } from '../../state/place';
import { logsText } from '../../strings';
import { EventsView } from './events-view';
import { RequestDrawer } from './request-drawer';
import { RequestsView } from './requests-view';
import './logs.css';

const EVENTS = 'events';

export function LogsPage() {
  const { part } = place.value;
  const isEvents = part === EVENTS;
  return (
    <div class="page">
      <PageHeader eyebrow={logsText.eyebrow} title={logsText.title}>
        <Tabs
          label={logsText.tabsLabel}
          value={isEvents ? 'events' : 'requests'}
          tabs={[
            ['requests', logsText.tabs.requests],
            ['events', logsText.tabs.events],
          ]}
          onChange={(tab) => setPart(tab === 'events' ? EVENTS : '')}
        />
      </PageHeader>
      {isEvents ? <EventsView /> : <RequestsView openId={part} />}
      {part === '' || isEvents ? null : <RequestDrawer key={part} id={part} />}
    </div>
  );
}
