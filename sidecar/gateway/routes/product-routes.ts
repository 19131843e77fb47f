/** The product routes of the Codex app (codex-wire 2.10): those answered for the pool, and those that are the caller's own. */
import type { PoolLimits } from '../ports';
import { accountsCheckRoute } from './accounts-check';
import { passThroughRoute } from './pass-through';
import type { CallServices } from './pool-call';
import { consumeCreditRoute, resetCreditsRoute } from './reset-credits';
import type { RouteEntry } from './router';

/** Where upstream has the product's routes, and the second name that clients know them by. */
const WHAM = ['/backend-api/wham', '/api/codex'] as const;

/** Everything else below these prefixes is not known to be the caller's alone and stays closed. */
const CALLERS_OWN = [
  'wham/profiles/me',
  'wham/settings/user',
  'wham/config/bundle',
  'wham/workspace-messages',
  'wham/usage/*',
  'wham/accounts/send_add_credits_nudge_email',
  'wham/tasks',
  'wham/tasks/*',
  'wham/environments',
  'wham/environments/*',
  'wham/remote/control/*',
  'wham/app/appcast',
  'ps/mcp',
  'ps/plugins/*',
  'plugins/featured',
  'connectors/directory/*',
  'codex/analytics-events/events',
] as const;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface ProductServices extends CallServices {
  readonly limits: PoolLimits;
}

export function productRoutes(services: ProductServices): RouteEntry[] {
  const passThrough = passThroughRoute(services);
  const own = CALLERS_OWN.flatMap((name) =>
    METHODS.map((method): RouteEntry => ({ method, path: `/backend-api/${name}`, handle: passThrough, quiet: true })),
  );
  return [...WHAM.flatMap((prefix) => poolRoutes(services, prefix)), ...own];
}

function poolRoutes(services: ProductServices, prefix: string): RouteEntry[] {
  const credits = `${prefix}/rate-limit-reset-credits`;
  const check = accountsCheckRoute(services.limits, services.now);
  return [
    { method: 'GET', path: `${prefix}/accounts/check`, handle: check, quiet: true },
    { method: 'GET', path: credits, handle: resetCreditsRoute(services) },
    { method: 'POST', path: `${credits}/consume`, handle: consumeCreditRoute(services) },
  ];
}
