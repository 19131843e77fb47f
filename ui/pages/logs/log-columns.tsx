/** The columns of the request log. */
import type { RequestLog } from '../../../sidecar/contract/request-log';
import { OutcomeBadge } from '../../components/badge/badge';
import type { Column } from '../../components/data-table/data-table';
import { outcomeOf, protocolOf } from '../../format/log';
import { formatCompact, formatCount, formatLatency, formatUsd, UNKNOWN } from '../../format/number';
import { formatFull, formatMoment } from '../../format/time';
import { labelOf } from '../../state/accounts';
import { logsText } from '../../strings';

const titles = logsText.columns;

/** `nowMs` decides whether a time needs its date. */
export function logColumns(nowMs: number): readonly Column<RequestLog>[] {
  return [...identity(nowMs), ...FIGURES, ...REST];
}

function identity(nowMs: number): readonly Column<RequestLog>[] {
  return [
    {
      key: 'time',
      title: titles.time,
      width: '96px',
      render: (row) => formatMoment(row.requestedAtMs, nowMs),
      title2: (row) => formatFull(row.requestedAtMs),
    },
    {
      key: 'status',
      title: titles.status,
      width: '86px',
      render: (row) => <OutcomeBadge outcome={outcomeOf(row)} statusCode={row.statusCode} />,
    },
    {
      key: 'model',
      title: titles.model,
      width: 'minmax(110px, 1.2fr)',
      render: (row) => modelWords(row),
      title2: (row) => modelWords(row),
    },
    { key: 'account', title: titles.account, width: 'minmax(120px, 1.4fr)', render: (row) => labelOf(row.accountId) },
    { key: 'protocol', title: titles.protocol, width: '74px', render: (row) => protocolOf(row) },
  ];
}

const FIGURES: readonly Column<RequestLog>[] = [
  {
    key: 'tokens',
    title: titles.tokens,
    width: '76px',
    align: 'end',
    render: (row) => formatCompact(row.totalTokens),
    title2: tokenWords,
  },
  { key: 'cost', title: titles.cost, width: '70px', align: 'end', render: (row) => formatUsd(row.totalCostUsd) },
  {
    key: 'firstToken',
    title: titles.firstToken,
    width: '84px',
    align: 'end',
    render: (row) => formatLatency(row.firstTokenMs),
  },
  {
    key: 'latency',
    title: titles.latency,
    width: '80px',
    align: 'end',
    render: (row) => formatLatency(row.latencyMs),
  },
  {
    key: 'attempts',
    title: titles.attempts,
    width: '46px',
    align: 'end',
    render: (row) => (row.attempts > 1 ? <strong class="tone-warn">{row.attempts}</strong> : row.attempts),
  },
];

const REST: readonly Column<RequestLog>[] = [
  {
    key: 'path',
    title: titles.path,
    width: 'minmax(140px, 1.4fr)',
    render: (row) => <span class="mono">{`${row.method} ${row.path}`}</span>,
  },
  { key: 'client', title: titles.client, width: 'minmax(100px, 1fr)', render: (row) => row.client ?? UNKNOWN },
  {
    key: 'error',
    title: titles.error,
    width: 'minmax(90px, 1fr)',
    render: (row) => <span class={row.errorCode === null ? 'faint' : ''}>{row.errorCode ?? ''}</span>,
    title2: (row) => row.errorMessage ?? '',
  },
];

/** Columns that always stay. */
export const FIXED_COLUMNS: ReadonlySet<string> = new Set(['time', 'status']);

function modelWords({ model, reasoningEffort, serviceTier }: RequestLog): string {
  return [model ?? UNKNOWN, reasoningEffort, serviceTier]
    .filter((word) => word !== null && word !== 'default')
    .join(' · ');
}

function tokenWords({ inputTokens, cachedTokens, outputTokens, reasoningTokens }: RequestLog): string {
  const { facts } = logsText;
  return [
    `${facts.input} ${formatCount(inputTokens)}`,
    `${facts.cached} ${formatCount(cachedTokens)}`,
    `${facts.output} ${formatCount(outputTokens)}`,
    `${facts.reasoning} ${formatCount(reasoningTokens)}`,
  ].join(' · ');
}
