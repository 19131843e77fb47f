/** How old a number is: grey when it is older than it should be, the exact time in the tooltip. */
import { formatAge, formatFull } from '../../format/time';
import { useNow } from './use-now';

interface Props {
  readonly atMs: number | null;
  /** Older than this is shown as stale, ms. */
  readonly staleAfterMs?: number;
  readonly prefix?: string;
}

export function Age({ atMs, staleAfterMs = Number.POSITIVE_INFINITY, prefix = '' }: Props) {
  const now = useNow(5_000);
  const stale = atMs !== null && now - atMs > staleAfterMs;
  return (
    <span class={stale ? 'small tone-warn' : 'small faint'} title={formatFull(atMs)}>
      {prefix}
      {formatAge(atMs, now)}
    </span>
  );
}
