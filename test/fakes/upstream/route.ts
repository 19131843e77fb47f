/** What a route of the fake looks like to its router. */
import type { Behaviour, Exchange, RouteName } from './behaviour';
import type { RecordedRequest } from './recorder';

export interface Route {
  readonly method: string;
  /** Exact path, or a pattern for paths with an id. */
  readonly path: string | RegExp;
  /** Whose script is asked before the standard answer; `null` = cannot be scripted. */
  readonly name: RouteName | null;
  /** Refuses before any script, as the real backend would; returns whether it answered. */
  readonly guard?: (exchange: Exchange) => boolean;
  readonly standard: Behaviour;
}

export function routeMatches(route: Route, request: RecordedRequest): boolean {
  if (route.method !== request.method) return false;
  return typeof route.path === 'string' ? route.path === request.path : route.path.test(request.path);
}
