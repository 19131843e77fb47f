/** Wires what decides who may use the control plane, and when the proxy takes requests: sign-in and the lock over the logins. */
import type { Router } from 'express';
import { loadAdminToken } from './admin/admin-token';
import { admit, isOnThisMachine, visitorOf, type GuardRules, type Visitor } from './admin/guard';
import { hostAllowList } from './admin/host-allow-list';
import { accessOf, answersWhileLocked } from './admin/path-access';
import { processRoutes } from './admin/process-routes';
import type { ProxySwitch } from './admin/proxy-switch';
import type { IntakeGate } from './gateway/ports';
import { TightropeError } from './platform/errors';
import { addressSet, isLoopback, normalizeAddress } from './platform/peer-address';
import { endsWithin } from './platform/time-limit';
import type { Services } from './services';
import { settingsRoutes } from './settings/settings-routes';
import { auditRoutes } from './signin/audit-routes';
import { BootstrapToken } from './signin/bootstrap-token';
import { LockOut } from './signin/lock-out';
import { SigninService } from './signin/signin-service';
import { signinRoutes } from './signin/signin-routes';
import { SigninStore } from './signin/signin-store';
import { vaultRoutes } from './vault/vault-routes';
import { VaultService } from './vault/vault-service';

/** Pause after five wrong passphrases (spec/data-security.md 5.7). */
const UNLOCK_PAUSE_MS = 30_000;
/** Longest that locking waits for token refreshes, ms: above the provider's own limit. */
const LOCK_WAIT_MS = 40_000;

/** Who may use the control plane, and the ways to lock and to stop. */
export interface AdminDoor {
  readonly rules: GuardRules;
  readonly signin: SigninService;
  readonly vault: VaultService;
  /** Why a socket of this path below `/api` is not opened; `null` = it may be. */
  readonly refuseSocket: (visitor: Visitor, path: string) => TightropeError | null;
  /** Begins the stop of the process. */
  readonly requestStop: () => void;
  /** Resolves when the stop was requested. */
  readonly stopRequested: Promise<void>;
}

export async function openAdminDoor(services: Services): Promise<AdminDoor> {
  const signin = await createSignin(services);
  const rules = await createGuardRules(services, signin);
  let requestStop = (): void => undefined;
  const stopRequested = new Promise<void>((resolve) => {
    requestStop = resolve;
  });
  return {
    rules,
    signin,
    vault: createVaultService(services),
    refuseSocket: (visitor, path) => refuseSocket(rules, services.vault, visitor, path),
    requestStop: () => requestStop(),
    stopRequested,
  };
}

/** Routers of the door itself, each with full paths below `/api`. */
export function adminDoorRouters(services: Services, { rules, signin, vault, requestStop }: AdminDoor): Router[] {
  const { audit, config, logger, settings } = services;
  return [
    processRoutes({ requestStop, logger: logger.child({ component: 'page' }) }),
    vaultRoutes(vault),
    signinRoutes(signin, (request) => isOnThisMachine(rules, visitorOf(request))),
    auditRoutes(audit),
    settingsRoutes({
      settings,
      totpConfigured: () => signin.totpConfigured(),
      connectAddress: config.server.connectAddress,
    }),
  ];
}

/** Sign-in to the dashboard, on its tables and the vault. */
function createSignin({ clock, config, dataDir, database, logger, settings, vault }: Services): Promise<SigninService> {
  const { allowedHosts, trustedProxies } = config.admin;
  const signinLogger = logger.child({ component: 'signin' });
  return SigninService.open({
    store: new SigninStore(database),
    settings,
    box: vault.secretBox('totp'),
    bootstrap: new BootstrapToken(dataDir, signinLogger),
    reachableFromAway: !isLoopbackHost(config.server.host) || allowedHosts.length > 0 || trustedProxies.length > 0,
    clock,
    logger: signinLogger,
  });
}

function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopback(normalizeAddress(host));
}

/** Locking waits for refreshes under way: what they have spent cannot be spent again. */
function createVaultService({ accounts, clock, config, logger, sealedSample, vault }: Services): VaultService {
  return new VaultService({
    vault,
    configuredPassphrase: config.vault.keyFilePassphrase,
    dbPath: config.database.path,
    limit: new LockOut(clock, UNLOCK_PAUSE_MS),
    sealedSample,
    onChange: async (step) => {
      await accounts.reload();
      if (step === 'closing') await endsWithin(accounts.refreshesSettled(), LOCK_WAIT_MS);
    },
    logger: logger.child({ component: 'vault' }),
  });
}

/** Whether new turns are taken: not while the logins are locked, and as the switch says. */
export function intakeGate({ vault }: Services, proxySwitch: ProxySwitch): IntakeGate {
  return {
    refuse: () => (vault.isLocked() ? new TightropeError('database_locked', { status: 503 }) : proxySwitch.refuse()),
  };
}

/** Names, proxies, token and sessions that the guard goes by. */
async function createGuardRules(services: Services, signin: SigninService): Promise<GuardRules> {
  const { config, dataDir, logger } = services;
  const token = await loadAdminToken({ configured: config.admin.token, dataDir, logger });
  return {
    signin,
    hosts: hostAllowList(config.server.host, config.admin.allowedHosts),
    trustedProxies: addressSet(config.admin.trustedProxies),
    isAdminToken: (presented) => token.matches(presented),
  };
}

/** Why a socket of this path below `/api` is not opened: the rules of `/api` itself. Sockets only show, so readers may. */
function refuseSocket(
  rules: GuardRules,
  vault: Services['vault'],
  visitor: Visitor,
  path: string,
): TightropeError | null {
  const admitted = admit(rules, visitor, accessOf(path));
  if (admitted instanceof TightropeError) return admitted;
  return vault.isLocked() && !answersWhileLocked(path) ? new TightropeError('database_locked') : null;
}
