/** How the account's windows were used over days: real samples, gaps are gaps (spec/ui.md 5.6). */
import { useMemo } from 'preact/hooks';
import type { UsageTrend } from '../../../sidecar/contract/quota';
import { readTrend } from '../../api/accounts';
import { Loaded } from '../../components/empty/loaded';
import { Tabs } from '../../components/tabs/tabs';
import { TimeChart, type Series } from '../../components/time-chart/time-chart';
import { formatPercent } from '../../format/number';
import { withGaps } from '../../format/trend';
import { prefer, preferences } from '../../state/preferences';
import { resource } from '../../state/resource';
import { accountText } from '../../strings';

const DAYS = ['7', '28', '90'] as const;
/** Up to here one point per hour, then one per day. */
const HOURLY_DAYS = 7;
const HOUR_MS = 3_600_000;

export function TrendCard({ accountId }: { readonly accountId: string }) {
  const days = preferences.value.trendDays;
  const by = days <= HOURLY_DAYS ? 'hour' : 'day';
  const trend = useMemo(() => resource((abort) => readTrend(accountId, days, by, abort)), [accountId, days, by]);
  return (
    <section class="card trend-card">
      <header>
        <h3>{accountText.trend}</h3>
        <Tabs
          label={accountText.trendDays}
          value={String(days)}
          tabs={DAYS.map((one) => [one, `${one} d`])}
          onChange={(one) => prefer({ trendDays: Number(one) })}
        />
      </header>
      <Loaded of={trend} lines={4}>
        {(value) => <Trend trend={value} />}
      </Loaded>
    </section>
  );
}

function Trend({ trend }: { readonly trend: UsageTrend }) {
  const { times, rows } = useMemo(() => withGaps(trend.points, trend.by === 'hour' ? HOUR_MS : 24 * HOUR_MS), [trend]);
  const series = useMemo<readonly Series[]>(
    () =>
      (
        [
          ['5-hour', '--series-1', 'short'],
          ['Weekly', '--series-2', 'weekly'],
          ['Monthly', '--series-4', 'monthly'],
        ] as const
      ).flatMap(([name, color, key]) => {
        const values = rows.map((point) => point?.percents[key] ?? null);
        return values.some((value) => value !== null) ? [{ name, color, values }] : [];
      }),
    [rows],
  );
  const span = useMemo(() => [Date.now() - trend.days * 24 * HOUR_MS, Date.now()] as const, [trend]);
  if (trend.points.length === 0) return <p class="muted">{accountText.noTrend}</p>;
  return (
    <TimeChart
      label={accountText.trendHelp}
      timesMs={times}
      series={series}
      format={formatPercent}
      max={100}
      span={span}
    />
  );
}
