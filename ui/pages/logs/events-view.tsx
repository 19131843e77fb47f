/** What happened in the sidecar: its own events, newest first. */
import type { EventLevel, RuntimeEvent } from '../../../sidecar/contract/runtime';
import { Badge, type BadgeTone } from '../../components/badge/badge';
import { DataTable, type Column } from '../../components/data-table/data-table';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { Pick } from '../../components/field/field';
import { useNow } from '../../components/age/use-now';
import { formatFull, formatMoment } from '../../format/time';
import { labelOf } from '../../state/accounts';
import { go, place, setQuery } from '../../state/place';
import { events } from '../../state/runtime';
import { logsText } from '../../strings';

const TONES: Readonly<Record<EventLevel, BadgeTone>> = { info: 'plain', warn: 'warn', error: 'danger' };

export function EventsView() {
  const { query } = place.value;
  const now = useNow(60_000);
  const search = (query['search'] ?? '').toLowerCase();
  const level = query['level'] ?? '';
  const matches = ({ type, data }: RuntimeEvent): boolean =>
    (level === '' || data.level === level) &&
    `${type} ${data.message} ${labelOf(data.accountId)}`.toLowerCase().includes(search);
  return (
    <>
      <div class="filter-bar row wrap">
        <input
          type="search"
          class="input filter-search"
          aria-label={logsText.eventSearch}
          placeholder={logsText.eventSearch}
          value={query['search'] ?? ''}
          onInput={({ currentTarget }) => setQuery({ search: currentTarget.value })}
        />
        <Pick
          label={logsText.level}
          value={level}
          choices={[['', logsText.anyLevel], ...Object.entries(logsText.eventLevels)]}
          onChange={(wanted) => setQuery({ level: wanted })}
        />
      </div>
      <div class="page-table">
        <Loaded of={events} lines={10}>
          {({ events: list }) => (
            <DataTable
              label={logsText.eventList}
              columns={columns(now)}
              rows={list.filter(matches).reverse()}
              rowKey={({ seq }) => String(seq)}
              onOpen={({ data }) => {
                if (data.accountId !== null) go({ page: 'accounts', part: data.accountId });
              }}
              empty={<Empty title={logsText.noEvents} />}
            />
          )}
        </Loaded>
      </div>
    </>
  );
}

function columns(now: number): readonly Column<RuntimeEvent>[] {
  const titles = logsText.eventColumns;
  return [
    {
      key: 'time',
      title: titles.time,
      width: '110px',
      render: ({ atMs }) => formatMoment(atMs, now),
      title2: ({ atMs }) => formatFull(atMs),
    },
    {
      key: 'level',
      title: titles.level,
      width: '64px',
      render: ({ data }) => <Badge tone={TONES[data.level]}>{logsText.eventLevels[data.level]}</Badge>,
    },
    {
      key: 'type',
      title: titles.type,
      width: 'minmax(120px, 1fr)',
      render: ({ type }) => <span class="mono">{type}</span>,
    },
    {
      key: 'message',
      title: titles.message,
      width: 'minmax(240px, 4fr)',
      render: ({ data }) => data.message,
      title2: ({ data }) => data.message,
    },
    {
      key: 'account',
      title: titles.account,
      width: 'minmax(120px, 1fr)',
      render: ({ data }) => (data.accountId === null ? '' : labelOf(data.accountId)),
    },
  ];
}
