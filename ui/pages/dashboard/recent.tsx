/** The newest failures and the newest events, each with its way on. */
import { Loaded } from '../../components/empty/loaded';
import { useNow } from '../../components/age/use-now';
import { OutcomeBadge } from '../../components/badge/badge';
import { outcomeOf } from '../../format/log';
import { formatFull, formatMoment } from '../../format/time';
import { labelOf } from '../../state/accounts';
import { lastErrors } from '../../state/logs';
import { go } from '../../state/place';
import { events } from '../../state/runtime';
import { dashboardText } from '../../strings';

const SHOWN_EVENTS = 10;

export function RecentErrors() {
  const now = useNow(60_000);
  return (
    <section class="card">
      <header>
        <h2>{dashboardText.errors}</h2>
      </header>
      <Loaded of={lastErrors}>
        {({ logs }) => (
          <>
            {logs.length === 0 ? <p class="muted">{dashboardText.noErrors}</p> : null}
            <ul class="recent">
              {logs.map((row) => (
                <li key={row.id}>
                  <button
                    type="button"
                    class="link recent-row"
                    onClick={() => go({ page: 'logs', part: row.id, query: { status: 'error' } })}
                  >
                    <span class="faint" title={formatFull(row.requestedAtMs)}>
                      {formatMoment(row.requestedAtMs, now)}
                    </span>
                    <OutcomeBadge outcome={outcomeOf(row)} statusCode={row.statusCode} />
                    <span class="ellipsis">
                      {row.errorCode ?? row.path}{' '}
                      <span class="faint">{row.accountId === null ? '' : labelOf(row.accountId)}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}

export function RecentEvents() {
  const now = useNow(60_000);
  return (
    <section class="card">
      <header>
        <h2>{dashboardText.events}</h2>
      </header>
      <Loaded of={events}>
        {({ events: list }) => (
          <>
            {list.length === 0 ? <p class="muted">{dashboardText.noEvents}</p> : null}
            <ul class="recent">
              {list
                .slice(-SHOWN_EVENTS)
                .reverse()
                .map((event) => (
                  <li key={event.seq}>
                    <button type="button" class="link recent-row" onClick={() => go({ page: 'logs', part: 'events' })}>
                      <span class="faint" title={formatFull(event.atMs)}>
                        {formatMoment(event.atMs, now)}
                      </span>
                      <span class={`dot dot-${event.data.level}`} aria-hidden="true" />
                      <span class="ellipsis" title={event.data.message}>
                        {event.data.message}
                      </span>
                    </button>
                  </li>
                ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
}
