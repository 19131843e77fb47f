/** Every route of the control plane. The OpenAPI document and the tests that call everything are made of this list. */
import { accountRoutes } from './account';
import { apiKeyRoutes } from './api-keys';
import { appMetaRoutes } from './app-meta';
import { auditRoutes } from './audit';
import { backupRoutes } from './backup';
import { clusterRoutes } from './cluster';
import { firewallRoutes } from './firewall';
import { importsRoutes } from './imports';
import { liveRoutes } from './live';
import { modelRoutes } from './models';
import { oauthRoutes } from './oauth';
import { poolExportRoutes } from './pool-export';
import { quotaRouteContracts } from './quota-routes';
import { healthRoutes } from './readiness';
import { referenceRoutes } from './reference';
import { reportRoutes } from './reports';
import { requestLogRoutes } from './request-log';
import { routingRoutes } from './routing';
import { runtimeRoutes } from './runtime';
import { sessionRoutes } from './session';
import { settingsRoutes } from './settings';
import { signinRoutes } from './signin';
import { vaultRoutes } from './vault';
import type { RouteContract } from './route-contract';

export const ALL_ROUTES: readonly RouteContract[] = [
  ...accountRoutes,
  ...apiKeyRoutes,
  ...appMetaRoutes,
  ...auditRoutes,
  ...backupRoutes,
  ...clusterRoutes,
  ...firewallRoutes,
  ...importsRoutes,
  ...liveRoutes,
  ...modelRoutes,
  ...oauthRoutes,
  ...poolExportRoutes,
  ...quotaRouteContracts,
  ...healthRoutes,
  ...referenceRoutes,
  ...reportRoutes,
  ...requestLogRoutes,
  ...routingRoutes,
  ...runtimeRoutes,
  ...sessionRoutes,
  ...settingsRoutes,
  ...signinRoutes,
  ...vaultRoutes,
];
