/** The way between the pages, with what needs attention on each. On narrow screens a strip at the top. */
import { attentionCount } from '../../state/accounts';
import { useFresh } from '../../state/freshness';
import { recentErrors } from '../../state/logs';
import { go, PAGES, place, type Page } from '../../state/place';
import { health } from '../../state/runtime';
import { frameText, paletteText } from '../../strings';
import { formatDuration } from '../../format/time';
import { Icon } from '../icon/icon';

export function Rail() {
  useFresh(recentErrors);
  const badges: Partial<Record<Page, { readonly count: number; readonly title: string }>> = {
    accounts: { count: attentionCount.value, title: frameText.accountsNeedAttention(attentionCount.value) },
    logs: {
      count: recentErrors.data.value?.total ?? 0,
      title: frameText.recentErrors(recentErrors.data.value?.total ?? 0),
    },
  };
  return (
    <nav class="rail" aria-label={frameText.pages}>
      <ul>
        {PAGES.map((page) => (
          <li key={page}>
            <RailLink page={page} badge={badges[page]} />
          </li>
        ))}
      </ul>
      <RailFoot />
    </nav>
  );
}

function RailLink({
  page,
  badge,
}: {
  readonly page: Page;
  readonly badge: { readonly count: number; readonly title: string } | undefined;
}) {
  const current = place.value.page === page;
  return (
    <a
      href={`#/${page}`}
      class="rail-link"
      aria-current={current ? 'page' : undefined}
      title={paletteText.pages[page]}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go({ page });
      }}
    >
      <Icon name={page} />
      <span class="rail-words">
        <strong>{paletteText.pages[page]}</strong>
        <span class="faint">{frameText.subtitles[page]}</span>
      </span>
      {badge === undefined || badge.count === 0 ? null : (
        <span class="count count-danger" title={badge.title}>
          {badge.count > 99 ? '99+' : badge.count}
          <span class="visually-hidden"> {badge.title}</span>
        </span>
      )}
    </a>
  );
}

function RailFoot() {
  const now = health.data.value;
  return (
    <p class="rail-foot small faint">
      {now === null
        ? frameText.connecting
        : `${frameText.version(now.version)} · ${frameText.up(formatDuration(now.uptime_ms))}`}
    </p>
  );
}
