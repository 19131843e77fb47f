/** The newest requests and four figures over them. */
import type { RequestLog } from '../../../sidecar/contract/request-log';
import { DataTable } from '../../components/data-table/data-table';
import { Empty } from '../../components/empty/empty';
import { Loaded } from '../../components/empty/loaded';
import { useNow } from '../../components/age/use-now';
import { outcomeOf, percentileOf } from '../../format/log';
import { formatCount, formatLatency, formatPercent } from '../../format/number';
import { labelOf } from '../../state/accounts';
import { newestLogs } from '../../state/logs';
import { go } from '../../state/place';
import { logsText, routerText } from '../../strings';
import { logColumns } from '../logs/log-columns';

const COLUMNS = new Set(['time', 'status', 'model', 'account', 'protocol', 'tokens', 'latency']);
const MINUTE_MS = 60_000;

export function RequestsPane({ focus, onClear }: { readonly focus: string | null; readonly onClear: () => void }) {
  const now = useNow(5_000);
  return (
    <section class="requests-pane" aria-label={routerText.requests}>
      <Loaded of={newestLogs} lines={10}>
        {({ logs }) => {
          const rows = focus === null ? logs : logs.filter(({ accountId }) => accountId === focus);
          return (
            <>
              <Figures rows={rows} nowMs={now} />
              {focus === null ? null : (
                <p class="row focus-chip">
                  <span class="badge badge-accent">{routerText.only(labelOf(focus))}</span>
                  <button type="button" class="button quiet" onClick={onClear}>
                    {routerText.clear}
                  </button>
                </p>
              )}
              <div class="pane-table">
                <DataTable
                  label={routerText.requests}
                  columns={logColumns(now).filter(({ key }) => COLUMNS.has(key))}
                  rows={rows}
                  rowKey={({ id }) => id}
                  onOpen={({ id }) => go({ page: 'logs', part: id })}
                  tone={(row) => (outcomeOf(row) === 'ok' ? '' : `row-${outcomeOf(row)}`)}
                  empty={<Empty title={logsText.noneYet} />}
                />
              </div>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function Figures({ rows, nowMs }: { readonly rows: readonly RequestLog[]; readonly nowMs: number }) {
  const latencies = rows.map(({ latencyMs }) => latencyMs).filter((ms) => ms !== null);
  const firsts = rows.map(({ firstTokenMs }) => firstTokenMs).filter((ms) => ms !== null);
  const names = routerText.figures;
  const share = (which: (row: RequestLog) => boolean): string =>
    formatPercent(rows.length === 0 ? null : (100 * rows.filter(which).length) / rows.length);
  const figures = [
    [
      names.rpm,
      formatCount(rows.filter(({ requestedAtMs }) => nowMs - requestedAtMs <= MINUTE_MS).length),
      routerText.rowsOfLastMinute,
    ],
    [names.p50, formatLatency(percentileOf(latencies, 0.5)), routerText.figuresHelp(latencies.length)],
    [names.p95, formatLatency(percentileOf(latencies, 0.95)), routerText.figuresHelp(latencies.length)],
    [names.firstToken, formatLatency(percentileOf(firsts, 0.5)), routerText.figuresHelp(firsts.length)],
    [names.sticky, share(({ sticky }) => sticky), routerText.figuresHelp(rows.length)],
    [
      names.failovers,
      formatCount(rows.filter(({ attempts }) => attempts > 1).length),
      routerText.figuresHelp(rows.length),
    ],
  ] as const;
  return (
    <dl class="kpis">
      {figures.map(([name, value, help]) => (
        <div key={name} title={help}>
          <dt class="small muted">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
