/** The requests, newest first, as the filters in the URL say. */
import { useEffect } from 'preact/hooks';
import { DataTable } from '../../components/data-table/data-table';
import { Empty, Failure, Skeleton } from '../../components/empty/empty';
import { formatCount } from '../../format/number';
import { outcomeOf } from '../../format/log';
import { useNow } from '../../components/age/use-now';
import { Age } from '../../components/age/age';
import { saveFile } from '../../desktop';
import { useFresh } from '../../state/freshness';
import {
  hasOlder,
  LOG_FILTERS,
  logFilter,
  logFilterOf,
  logHead,
  logRows,
  logTotal,
  olderLoading,
  readOlder,
  setLogFilter,
} from '../../state/logs';
import { go, place, setPart } from '../../state/place';
import { preferences } from '../../state/preferences';
import { commonText, logsText } from '../../strings';
import { ColumnMenu } from './column-menu';
import { logColumns } from './log-columns';
import { LogFilters } from './log-filters';
import { logsAsCsv } from './logs-csv';

export function RequestsView({ openId }: { readonly openId: string }) {
  const { query } = place.value;
  useEffect(
    () => setLogFilter(logFilterOf(query, Date.now())),
    [LOG_FILTERS.map((name) => query[name] ?? '').join('\n')],
  );
  useFresh(logHead);
  return (
    <>
      <div class="filter-bar row wrap">
        <LogFilters />
        <span class="spacer" />
        <Total />
        <ColumnMenu />
        <button
          type="button"
          class="button"
          title={logsText.exportHelp}
          disabled={logRows.value.length === 0}
          onClick={() => saveFile('tightrope-requests.csv', logsAsCsv(logRows.value), 'text/csv')}
        >
          {logsText.export}
        </button>
      </div>
      <div class="page-table">
        <Rows openId={openId} />
      </div>
    </>
  );
}

function Total() {
  const total = logTotal.value;
  if (total === null) return null;
  return (
    <span class="small muted row">
      {logsText.total(formatCount(logRows.value.length), formatCount(total))}
      {olderLoading.value ? <span> · {logsText.loadingMore}</span> : null}
      <Age atMs={logHead.readAtMs.value} staleAfterMs={60_000} />
    </span>
  );
}

function Rows({ openId }: { readonly openId: string }) {
  const now = useNow(60_000);
  const hidden = new Set(preferences.value.hiddenLogColumns);
  const error = logHead.error.value;
  if (logHead.data.value === null)
    return error === null ? <Skeleton lines={12} /> : <Failure error={error} retry={() => void logHead.refresh()} />;
  return (
    <DataTable
      label={logsText.list}
      columns={logColumns(now).filter(({ key }) => !hidden.has(key))}
      rows={logRows.value}
      rowKey={({ id }) => id}
      openKey={openId}
      onOpen={({ id }) => setPart(id)}
      onEnd={() => {
        if (hasOlder.value) void readOlder();
      }}
      total={logTotal.value}
      tone={(row) => (outcomeOf(row) === 'ok' ? '' : `row-${outcomeOf(row)}`)}
      empty={<NoRows />}
    />
  );
}

function NoRows() {
  const isFiltered = Object.keys(logFilter.value).length > 0;
  if (!isFiltered) {
    return (
      <Empty title={logsText.noneYet}>
        <p class="muted">{logsText.noneYetHelp}</p>
        <p class="mono">{`${location.origin}/backend-api/codex`}</p>
      </Empty>
    );
  }
  return (
    <Empty title={logsText.noMatch}>
      <button type="button" class="button" onClick={() => go({ page: 'logs' })}>
        {commonText.clearFilters}
      </button>
    </Empty>
  );
}
