/** Wires the admin app: guard, routers, page. */
import { join } from 'node:path';
import { isSea } from 'node:sea';
import type { Express, Router } from 'express';
import { accountPolicyRoutes } from './accounts/account-policy-routes';
import { accountsRoutes } from './accounts/accounts-routes';
import { createAdminApp } from './admin/admin-app';
import { appMetaRoutes } from './admin/app-meta-routes';
import { backupRoutes } from './admin/backup-routes';
import { Backups } from './admin/backups';
import { servePage } from './admin/page';
import { referenceRoutes } from './admin/reference-routes';
import type { ProxySwitch } from './admin/proxy-switch';
import { routingRoutes, type PreviewRouting } from './admin/routing-routes';
import { runtimeRoutes } from './admin/runtime-routes';
import { catalogueRoutes } from './catalogue/catalogue-routes';
import type { CatalogueService } from './catalogue/catalogue-service';
import { clusterRoutes } from './cluster/cluster-routes';
import { sessionsRoutes } from './continuity/sessions-routes';
import type { SessionsService } from './continuity/sessions-service';
import { codexSetupRoutes } from './codex-setup/codex-setup-routes';
import type { CodexSetupService } from './codex-setup/codex-setup-service';
import { firewallRoutes } from './firewall/firewall-routes';
import { keysRoutes } from './keys/keys-routes';
import { eventRoutes } from './ledger/runtime-events-routes';
import { ledgerRoutes } from './ledger/ledger-routes';
import { reportRoutes } from './ledger/reports-routes';
import { ReportsService } from './ledger/reports-service';
import { importsRoutes } from './imports/imports-routes';
import { poolExportRoutes } from './imports/pool-export-routes';
import { liveRoutes } from './live/live-routes';
import type { LiveService } from './live/live-service';
import { oauthCallbackRoute, oauthRoutes } from './oauth/oauth-routes';
import { adminDoorRouters, type AdminDoor } from './open-door';
import { openOperations } from './open-operations';
import { uuidv7 } from './platform/ids';
import { quotaRoutes } from './quota/quota-routes';
import type { Services } from './services';

export interface ControlPlaneParts {
  readonly services: Services;
  readonly catalogue: CatalogueService;
  readonly proxySwitch: ProxySwitch;
  readonly adminDoor: AdminDoor;
  readonly version: string;
  readonly instanceId: string;
  /** Folder of the bundle; the page lies in `ui` beside it. */
  readonly programDir: string;
  readonly turnsInFlight: () => number;
  readonly previewRouting: PreviewRouting;
  readonly codexSetup: CodexSetupService;
  readonly sessions: SessionsService;
  readonly live: LiveService;
}

export function createControlPlane(parts: ControlPlaneParts): Express {
  const { services, adminDoor, catalogue, proxySwitch, version, instanceId } = parts;
  const { rules, vault } = adminDoor;
  const { accounts, clock, cluster, logger, quota } = services;
  const startedAt = performance.now();
  const uptimeMs = (): number => Math.round(performance.now() - startedAt);
  const operations = openOperations(services, { proxySwitch, rules, uptimeMs, turnsInFlight: parts.turnsInFlight });
  const runtime = runtimeRoutes(proxySwitch, {
    uptimeMs,
    version,
    nodeId: cluster.nodeId,
    accounts: () => ({ total: accounts.total(), usable: accounts.usable(clock.now()).length }),
    turnsInFlight: parts.turnsInFlight,
    logRowsDropped: operations.logRowsDropped,
    database: () => (vault.isLocked() ? 'locked' : 'unlocked'),
    databaseAnswers: operations.databaseAnswers,
  });
  return createAdminApp({
    rules,
    health: () => ({ status: 'ok', uptime_ms: uptimeMs(), instanceId, version }),
    routers: [
      runtime,
      appMetaRoutes({ version, packaged: isSea(), oauthCallbackUrl: services.config.oauth.redirectUri }),
      liveRoutes(parts.live),
      accountsRoutes(accounts),
      accountPolicyRoutes(accounts),
      quotaRoutes(quota, (id) => accounts.get(id)),
      oauthRoutes(services.oauth),
      importsRoutes(services.imports),
      poolExportRoutes(services.imports.pool),
      ...ledgerRouters(services),
      routingRoutes(parts.previewRouting),
      sessionsRoutes(parts.sessions),
      backupRoutes(new Backups(services.database, clock)),
      referenceRoutes(version),
      catalogueRoutes(catalogue),
      clusterRoutes(cluster),
      codexSetupRoutes(parts.codexSetup),
      ...adminDoorRouters(services, adminDoor),
      keysRoutes(services.keys),
      firewallRoutes(services.firewall),
    ],
    openRouters: [...operations.routers, oauthCallbackRoute(services.oauth)],
    audit: services.audit,
    isLocked: () => vault.isLocked(),
    page: servePage(join(parts.programDir, 'ui')),
    logger: logger.child({ component: 'admin' }),
    newId: () => uuidv7(),
  });
}

function ledgerRouters({ accounts, clock, database, events, ledger }: Services): Router[] {
  const reports = new ReportsService({ database, clock, ledger });
  return [
    reportRoutes({ reports, ledger, accounts: () => accounts.list(), clock }),
    ledgerRoutes(ledger),
    eventRoutes(events),
  ];
}
