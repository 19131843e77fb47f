/** The request log as it is looked at: newest rows by filter, more on demand. */
import { computed, signal } from '@preact/signals';
import type { RequestLog, RequestLogQuery } from '../../sidecar/contract/request-log';
import { listLogs, readLogOptions } from '../api/logs';
import { keepFresh } from './freshness';
import { resource } from './resource';

/** Rows of one reading. */
export const LOG_PAGE_ROWS = 200;

/** What the URL asks for; see `logFilterOf`. */
export const logFilter = signal<RequestLogQuery>({});

export const logHead = keepFresh(
  resource((abort) => listLogs({ ...logFilter.value, limit: String(LOG_PAGE_ROWS) }, abort)),
  { pollMs: 10_000, on: ['request_log'], gatherMs: 1_000 },
);

/** Rows behind the first page, read on demand. */
const older = signal<readonly RequestLog[]>([]);
const olderCursor = signal<string | null | undefined>(undefined);
export const olderLoading = signal(false);

export const logRows = computed<readonly RequestLog[]>(() => {
  const head = logHead.data.value?.logs ?? [];
  const known = new Set(head.map(({ id }) => id));
  return [...head, ...older.value.filter(({ id }) => !known.has(id))];
});

export const logTotal = computed(() => logHead.data.value?.total ?? null);

/** Whether there are rows that were not read yet. */
export const hasOlder = computed(
  () => (olderCursor.value === undefined ? (logHead.data.value?.nextCursor ?? null) : olderCursor.value) !== null,
);

export const logOptions = keepFresh(resource(readLogOptions), { pollMs: 120_000, on: [] });

/** Rows of the last quarter of an hour that failed on our or the upstream's side; for the badge of the rail. */
const RECENT_MS = 15 * 60_000;
export const recentErrors = keepFresh(
  resource((abort) => listLogs({ status: 'error', since: String(Date.now() - RECENT_MS), limit: '10' }, abort)),
  { pollMs: 60_000, on: ['request_log'], gatherMs: 10_000 },
);

/** Newest failures of any age, for the dashboard. */
export const lastErrors = keepFresh(
  resource((abort) => listLogs({ status: 'error', limit: '10' }, abort)),
  { pollMs: 30_000, on: ['request_log'], gatherMs: 5_000 },
);

/** Newest rows whatever the filter says, for the router page and the account detail. */
export const newestLogs = keepFresh(
  resource((abort) => listLogs({ limit: '200' }, abort)),
  { pollMs: 10_000, on: ['request_log'], gatherMs: 1_000 },
);

/** Looks at other rows from now on. */
export function setLogFilter(next: RequestLogQuery): void {
  if (JSON.stringify(next) === JSON.stringify(logFilter.value)) return;
  logFilter.value = next;
  older.value = [];
  olderCursor.value = undefined;
  logHead.reset();
  void logHead.refresh();
}

/** Reads the next page. Never rejects: a failure leaves the list as it is and can be tried again. */
export async function readOlder(): Promise<void> {
  const cursor = olderCursor.value === undefined ? logHead.data.value?.nextCursor : olderCursor.value;
  if (olderLoading.value || cursor === null || cursor === undefined) return;
  olderLoading.value = true;
  const asked = logFilter.value;
  try {
    const page = await listLogs({ ...asked, cursor, limit: '500' }, AbortSignal.timeout(10_000));
    if (asked !== logFilter.value) return;
    older.value = [...older.value, ...page.logs];
    olderCursor.value = page.nextCursor;
  } finally {
    olderLoading.value = false;
  }
}

/** Names of the filters in the URL, which are those of `GET /api/logs`. */
export const LOG_FILTERS = ['status', 'accountId', 'model', 'search', 'since', 'until'] as const;

/** The filter that a URL's query means. `since` may be `1h`, `24h` or `7d`: that long ago. */
export function logFilterOf(query: Readonly<Record<string, string>>, nowMs: number): RequestLogQuery {
  const filter: Record<string, string> = {};
  for (const name of LOG_FILTERS) {
    const value = query[name];
    if (value !== undefined && value !== '') filter[name] = name === 'since' ? sinceOf(value, nowMs) : value;
  }
  return filter as RequestLogQuery;
}

const SPANS_MS: Readonly<Record<string, number>> = {
  '15m': 900_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
};
/** The beginning moves in steps, so that the filter stays the same while the page is looked at, ms. */
const SINCE_STEP_MS = 60_000;

function sinceOf(value: string, nowMs: number): string {
  const span = SPANS_MS[value];
  return span === undefined ? value : String(Math.floor((nowMs - span) / SINCE_STEP_MS) * SINCE_STEP_MS);
}

const DAY_MS = 86_400_000;

/** How many requests, and how many of them failed, in the last 24 hours: only `total` is looked at. */
export const requests24h = keepFresh(
  resource((abort) => listLogs({ since: String(Date.now() - DAY_MS), limit: '1' }, abort)),
  { pollMs: 60_000, on: ['request_log'], gatherMs: 10_000 },
);
export const errors24h = keepFresh(
  resource((abort) => listLogs({ status: 'error', since: String(Date.now() - DAY_MS), limit: '1' }, abort)),
  { pollMs: 60_000, on: ['request_log'], gatherMs: 10_000 },
);
