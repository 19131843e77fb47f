/** What stands where nothing is: why, and what to do next (spec/ui.md 13). */
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../../api/request';
import { commonText } from '../../strings';
import './empty.css';

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A part that could not be read; the others stay. */
export function Failure({ error, retry }: { readonly error: ApiError; readonly retry: () => void }) {
  if (error.isMissingRoute) return <Unavailable />;
  return (
    <div class="empty" role="alert">
      <p class="empty-title tone-danger">{commonText.failed}</p>
      <p class="muted">{error.message}</p>
      {error.requestId === null ? null : <p class="faint mono small">{error.requestId}</p>}
      <button type="button" class="button" onClick={retry}>
        {commonText.retry}
      </button>
    </div>
  );
}

/** This sidecar does not have the route: said, not hidden behind zeros. */
export function Unavailable() {
  return (
    <div class="empty">
      <p class="empty-title">{commonText.unavailable}</p>
      <p class="muted">{commonText.unavailableWhy}</p>
    </div>
  );
}

/** Grey lines while the first reading is under way. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="skeleton" aria-busy="true" aria-label={commonText.loading} role="status">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}
