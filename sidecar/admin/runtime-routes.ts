/** `/api/runtime/*`: the proxy switch and how this process is doing (spec/admin-api.md 4.2–4.4). */
import { Router } from 'express';
import { ProxySwitchPatch, type RuntimeHealth } from '../contract/runtime';
import { compile } from '../contract/validate';
import { withoutNulls } from '../contract/null-as-absent';
import type { ProxySwitch } from './proxy-switch';

/** What the health answer is made of; the composition root knows where each comes from. */
export interface RuntimeFacts {
  uptimeMs(): number;
  readonly version: string;
  readonly nodeId: string;
  accounts(): { readonly total: number; readonly usable: number };
  turnsInFlight(): number;
  logRowsDropped(): number;
  /** Whether the stored logins are locked. */
  database(): 'locked' | 'unlocked';
  /** Whether a trivial query succeeds. Must not throw. */
  databaseAnswers(): Promise<boolean>;
}

export function runtimeRoutes(proxy: ProxySwitch, facts: RuntimeFacts): Router {
  const readPatch = compile(ProxySwitchPatch, 'body');
  const router = Router();
  router.get('/runtime/proxy', (_request, response) => {
    response.json(proxy.state());
  });
  router.patch('/runtime/proxy', async (request, response) => {
    response.json(await proxy.change(readPatch(withoutNulls(request.body))));
  });
  router.post('/runtime/proxy/start', async (_request, response) => {
    response.json(await proxy.change({ enabled: true }));
  });
  router.post('/runtime/proxy/stop', async (_request, response) => {
    response.json(await proxy.change({ enabled: false }));
  });
  router.get('/runtime/health', async (_request, response) => {
    response.json(await runtimeHealth(proxy, facts));
  });
  return router;
}

async function runtimeHealth(proxy: ProxySwitch, facts: RuntimeFacts): Promise<RuntimeHealth> {
  const accounts = facts.accounts();
  const logRowsDropped = facts.logRowsDropped();
  const { enabled, paused } = proxy.state();
  const healthy = logRowsDropped === 0 && (accounts.usable > 0 || accounts.total === 0);
  return {
    status: !(await facts.databaseAnswers()) ? 'error' : healthy ? 'ok' : 'degraded',
    uptime_ms: Math.max(0, Math.round(facts.uptimeMs())),
    proxyEnabled: enabled,
    proxyPaused: paused,
    database: facts.database(),
    accounts: { total: accounts.total, usable: accounts.usable },
    turnsInFlight: facts.turnsInFlight(),
    logRowsDropped,
    version: facts.version,
    nodeId: facts.nodeId,
    cluster: null,
  };
}
