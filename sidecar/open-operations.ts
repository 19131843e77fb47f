/** Wires what operators watch: metrics, liveness, readiness. */
import type { Router } from 'express';
import { guardMiddleware, type GuardRules } from './admin/guard';
import { Metrics } from './admin/metrics';
import { metricsRoute } from './admin/metrics-route';
import type { ProxySwitch } from './admin/proxy-switch';
import { readinessRoutes } from './admin/readiness-routes';
import type { Services } from './services';

export interface OperationsParts {
  readonly proxySwitch: ProxySwitch;
  readonly rules: GuardRules;
  readonly uptimeMs: () => number;
  readonly turnsInFlight: () => number;
}

export interface Operations {
  /** Routers with whole paths outside `/api`. */
  readonly routers: readonly Router[];
  logRowsDropped(): number;
  /** Whether a trivial query succeeds. Never throws. */
  databaseAnswers(): Promise<boolean>;
}

export function openOperations(services: Services, parts: OperationsParts): Operations {
  const { database, ledger } = services;
  const logRowsDropped = (): number => database.write.dropped();
  const databaseAnswers = async (): Promise<boolean> => {
    try {
      await database.read.raw('SELECT 1');
      return true;
    } catch {
      // The question is whether it answers; why not is in the log of whoever needed it.
      return false;
    }
  };
  const metrics = new Metrics({
    turnsInFlight: parts.turnsInFlight,
    accounts: () => accountStatuses(services),
    logRowsDropped,
    uptimeSeconds: () => parts.uptimeMs() / 1000,
  });
  ledger.onRecorded((row) => metrics.observe(row));
  const guard = guardMiddleware(parts.rules);
  return {
    routers: [
      readinessRoutes({ refusal: () => parts.proxySwitch.refuse()?.code ?? null, databaseAnswers }),
      metricsRoute(metrics, guard),
    ],
    logRowsDropped,
    databaseAnswers,
  };
}

/** Every account with the status it has now. */
function accountStatuses({ accounts, clock }: Services): { readonly status: string }[] {
  const now = clock.now();
  return [...accounts.usable(now).map(() => ({ status: 'active' })), ...accounts.sidelined(now)];
}
