/** The six numbers at the top. Each traces to a field of an answer (ui/README.md). */
import type { ComponentChildren } from 'preact';
import { UNKNOWN, formatCompact, formatCount, formatLatency, formatPercent, formatUsd } from '../../format/number';
import { percentileOf } from '../../format/log';
import { accountList, accounts } from '../../state/accounts';
import { useFresh } from '../../state/freshness';
import { errors24h, newestLogs, requests24h } from '../../state/logs';
import { go, type Page } from '../../state/place';
import { health } from '../../state/runtime';
import { Age } from '../../components/age/age';
import { dashboardText } from '../../strings';

/** Older figures are marked, ms. */
const STALE_MS = 120_000;

export function FigureCards() {
  return (
    <ul class="figures">
      <RequestFigures />
      <FirstToken />
      <PoolFigures />
    </ul>
  );
}

const { cards, cardNotes } = dashboardText;

function RequestFigures() {
  useFresh(errors24h);
  useFresh(requests24h);
  const requests = requests24h.data.value?.total ?? null;
  const errors = errors24h.data.value?.total ?? null;
  const share = requests === null || errors === null || requests === 0 ? null : (errors / requests) * 100;
  return (
    <>
      <Figure
        name={cards.requests}
        value={formatCompact(requests)}
        title={formatCount(requests)}
        atMs={requests24h.readAtMs.value}
        page="logs"
        query={{ since: '24h' }}
      />
      <Figure
        name={cards.cost}
        value={formatUsd(cost24h())}
        note={cardNotes.cost}
        atMs={accountList.readAtMs.value}
        page="accounts"
      />
      <Figure
        name={cards.errors}
        value={formatCount(errors)}
        note={share === null ? undefined : cardNotes.share(formatPercent(share))}
        atMs={errors24h.readAtMs.value}
        page="logs"
        query={{ status: 'error', since: '24h' }}
      />
    </>
  );
}

function FirstToken() {
  useFresh(newestLogs);
  const rows = newestLogs.data.value?.logs ?? [];
  const times = rows.map(({ firstTokenMs }) => firstTokenMs).filter((ms) => ms !== null);
  return (
    <Figure
      name={cards.firstToken}
      value={formatLatency(percentileOf(times, 0.5))}
      note={times.length === 0 ? undefined : cardNotes.firstToken(times.length)}
      atMs={newestLogs.readAtMs.value}
      page="logs"
    />
  );
}

function PoolFigures() {
  const now = health.data.value;
  return (
    <>
      <Figure
        name={cards.usable}
        value={formatCount(now?.accounts.usable)}
        note={now === null ? undefined : cardNotes.total(now.accounts.total)}
        atMs={health.readAtMs.value}
        page="accounts"
      />
      <Figure
        name={cards.inflight}
        value={formatCount(now?.turnsInFlight)}
        note={cardNotes.inflight}
        atMs={health.readAtMs.value}
        page="router"
      />
    </>
  );
}

/** Sum over accounts; `null` = no account has a priced request. */
function cost24h(): number | null {
  const known = accounts.value.map(({ totalCost24hUsd }) => totalCost24hUsd).filter((cost) => cost !== null);
  return known.length === 0 ? null : known.reduce((sum, cost) => sum + cost, 0);
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly title?: string;
  readonly note?: ComponentChildren;
  readonly atMs: number | null;
  readonly page: Page;
  readonly query?: Readonly<Record<string, string>>;
}

function Figure({ name, value, title, note, atMs, page, query = {} }: FigureProps) {
  return (
    <li>
      <button type="button" class="figure card" title={title} onClick={() => go({ page, query })}>
        <span class="muted small">{name}</span>
        <strong class={value === UNKNOWN ? 'faint' : ''}>{value}</strong>
        <span class="small faint figure-note">{note}</span>
        <Age atMs={atMs} staleAfterMs={STALE_MS} />
      </button>
    </li>
  );
}
