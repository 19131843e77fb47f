/** The columns of the sessions. */
import type { Session, SessionKind } from '../../api/sessions';
import { Badge, type BadgeTone } from '../../components/badge/badge';
import type { Column } from '../../components/data-table/data-table';
import { formatCompact, formatCount } from '../../format/number';
import { formatAge, formatCountdown, formatFull } from '../../format/time';
import { labelOf } from '../../state/accounts';
import { sessionsText } from '../../strings';

export const KIND_TONES: Readonly<Record<SessionKind, BadgeTone>> = {
  codex_session: 'accent',
  sticky_thread: 'warn',
  prompt_cache: 'blocked',
};

export function sessionColumns(now: number): readonly Column<Session>[] {
  const titles = sessionsText.columns;
  return [
    {
      key: 'key',
      title: titles.key,
      width: 'minmax(220px, 3fr)',
      render: ({ sessionKey }) => <span class="mono">{sessionKey}</span>,
      title2: ({ sessionKey }) => sessionKey,
    },
    {
      key: 'kind',
      title: titles.kind,
      width: '110px',
      render: ({ kind }) => <Badge tone={KIND_TONES[kind]}>{sessionsText.kinds[kind]}</Badge>,
    },
    {
      key: 'account',
      title: titles.account,
      width: 'minmax(140px, 2fr)',
      render: ({ accountId }) =>
        accountId === null ? <span class="faint">{sessionsText.free}</span> : labelOf(accountId),
    },
    {
      key: 'cached',
      title: titles.cached,
      width: '100px',
      align: 'end',
      render: ({ cachedTokens }) => formatCompact(cachedTokens),
      title2: ({ cachedTokens }) => formatCount(cachedTokens),
    },
    {
      key: 'updated',
      title: titles.updated,
      width: '110px',
      align: 'end',
      render: ({ updatedAtMs }) => formatAge(updatedAtMs, now),
      title2: ({ updatedAtMs }) => formatFull(updatedAtMs),
    },
    {
      key: 'expiry',
      title: titles.expiry,
      width: '100px',
      align: 'end',
      render: ({ expiresAtMs }) =>
        expiresAtMs <= 0 ? (
          sessionsText.durable
        ) : expiresAtMs <= now ? (
          <span class="tone-danger">{sessionsText.stale}</span>
        ) : (
          formatCountdown(expiresAtMs, now)
        ),
      title2: ({ expiresAtMs }) => (expiresAtMs <= 0 ? '' : formatFull(expiresAtMs)),
    },
  ];
}
