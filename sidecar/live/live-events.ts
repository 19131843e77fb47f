/** Which events live readers get, and what each is made of (spec/ui.md 4.4; design §11 "Events"). */
import type { LiveEvent } from '../contract/live';
import type { EventLevel, RuntimeEvent } from '../contract/runtime';
import type { RequestLogRow } from '../ledger/request-log-row';

type Data = LiveEvent['data'];

/** Runtime events that say that the router lost an account; the page shows them in its runtime list. */
const SIGNALS = new Set(['account_exhausted', 'account_unusable']);

/** Whether the event means that the account looks different now. */
export function changesAccount(event: RuntimeEvent): boolean {
  return event.data.accountId !== null && /^(?:account|token|quota)_/.test(event.type);
}

/** The event as a signal of the router; `null` when it is none. */
export function signalOf({ type, data }: RuntimeEvent): Data | null {
  return SIGNALS.has(type) ? signal(data.level, type, data.message, data.accountId) : null;
}

/**
 * What a closed turn says about routing: that the route moved, that an attempt was tried again elsewhere, that upstream
 * failed.
 *
 * @param before the account that served the turn before
 */
export function signalsOfTurn(row: RequestLogRow, before: string | null): readonly Data[] {
  const signals: Data[] = [];
  const { account_id: accountId } = row;
  if (accountId !== null && accountId !== before) {
    signals.push(signal('info', 'route_account_selected', 'The route moved to another account.', accountId));
  }
  if (row.attempts > 1) {
    const message = `A request needed ${String(row.attempts)} attempts.`;
    signals.push(signal('warn', 'upstream_retry', message, accountId));
  }
  if (row.error_class === 'upstream' || row.error_class === 'network') {
    const message = row.error_message ?? 'The upstream failed.';
    signals.push(signal('error', 'upstream_error', message, accountId));
  }
  return signals;
}

function signal(level: EventLevel, code: string, message: string, accountId: string | null): Data {
  return { level, code, message, accountId };
}
