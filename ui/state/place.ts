/** Where the page is, kept in the URL: `#/logs/<id>?status=error`. A reload, a bookmark and Back all work. */
import { signal } from '@preact/signals';

export const PAGES = ['dashboard', 'router', 'accounts', 'sessions', 'logs', 'keys', 'settings', 'cluster'] as const;
export type Page = (typeof PAGES)[number];

export interface Place {
  readonly page: Page;
  /** What follows the page in the path: an id, a tab, a section; `''` = nothing. */
  readonly part: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Reads a location hash. Unknown pages are the dashboard. */
export function parsePlace(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [name = '', ...rest] = path.split('/').map(decode);
  const page = PAGES.find((known) => known === name) ?? 'dashboard';
  return { page, part: rest.join('/'), query: Object.fromEntries(new URLSearchParams(query)) };
}

/** The hash of a place. Empty query values are left out. */
export function formatPlace({ page, part, query }: Place): string {
  const given = Object.entries(query).filter(([, value]) => value !== '');
  const path = part === '' ? `#/${page}` : `#/${page}/${part.split('/').map(encodeURIComponent).join('/')}`;
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // an escape that is none stays as it is written
  }
}

export const place = signal<Place>({ page: 'dashboard', part: '', query: {} });

/** Asked before the page is left; `false` = stay. Set by a page with unsaved changes. */
type LeaveGuard = (to: Place) => boolean;
let guard: LeaveGuard | null = null;

export function setLeaveGuard(next: LeaveGuard | null): void {
  guard = next;
}

/** Goes somewhere. `replace` leaves no entry for Back (used while typing in a filter). */
export function go(to: Partial<Place> & { readonly page: Page }, replace = false): void {
  const next: Place = { part: '', query: {}, ...to };
  if (guard !== null && next.page !== place.value.page && !guard(next)) return;
  place.value = next;
  const hash = formatPlace(next);
  if (replace) history.replaceState(null, '', hash);
  else if (location.hash !== hash) history.pushState(null, '', hash);
}

/** Changes single query values of the present page; an empty value takes one away. */
export function setQuery(change: Readonly<Record<string, string>>, replace = true): void {
  const { page, part, query } = place.value;
  go({ page, part, query: { ...query, ...change } }, replace);
}

export function setPart(part: string): void {
  const { page, query } = place.value;
  go({ page, part, query });
}

/** Follows the address bar and Back. Returns what stops it. */
export function startPlace(): () => void {
  const follow = (): void => {
    const next = parsePlace(location.hash);
    if (guard !== null && next.page !== place.value.page && !guard(next)) {
      history.pushState(null, '', formatPlace(place.value));
      return;
    }
    place.value = next;
  };
  follow();
  window.addEventListener('popstate', follow);
  window.addEventListener('hashchange', follow);
  return () => {
    window.removeEventListener('popstate', follow);
    window.removeEventListener('hashchange', follow);
  };
}
