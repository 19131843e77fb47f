import { SETTING_NAMES, SETTINGS } from '../../../sidecar/contract/settings';
import { TightropeError } from '../../../sidecar/platform/errors';
import { SettingsService } from '../../../sidecar/settings/settings-service';
import { recordingLogger } from '../platform/recording-logger';
import { memorySettings, type MemorySettings } from './memory-settings';

const DEFAULTS = Object.fromEntries(SETTING_NAMES.map((name) => [name, SETTINGS[name].byDefault]));
const write = { by: 'test' };

async function open(store: MemorySettings) {
  const logger = recordingLogger();
  return { logger, store, service: await SettingsService.open({ store, logger }) };
}

test('without anything stored: the defaults', async () => {
  const { service } = await open(memorySettings());
  expect(service.current()).toEqual(DEFAULTS);
  expect(service.version()).toBe(1);
});

test('a change is stored, in force at once and told once; what is no setting stays as it is', async () => {
  const { service, store } = await open(memorySettings({ proxyPaused: true }));
  const heard: string[] = [];
  const stop = service.onChange(({ before, after }) => heard.push(`${before.theme} ${after.theme}`));
  const first = service.current();
  expect(service.current()).toBe(first);
  await service.change({ theme: 'dark', nonsense: 5, routingSuccessRateRho: null }, write);
  expect(service.current()).toEqual({ ...DEFAULTS, theme: 'dark' });
  expect((await store.get()).settings).toEqual({ proxyPaused: true, theme: 'dark' });
  await service.change({ theme: 'dark' }, write);
  stop();
  await service.change({ theme: 'light' }, write);
  expect(heard).toEqual(['auto dark']);
});

test('values are tidied, and names are read in snake_case; camelCase wins', async () => {
  const { service } = await open(memorySettings());
  await service.change({ routing_strategy: ' Drain_Hop ', locked_routing_account_ids: [' a ', '', 'b', 'a'] }, write);
  expect(service.current()).toMatchObject({ routingStrategy: 'drain_hop', lockedRoutingAccountIds: ['a', 'b'] });
  await service.change({ routing_strategy: 'headroom', routingStrategy: 'round_robin' }, write);
  expect(service.current().routingStrategy).toBe('round_robin');
});

test.each([
  [{ theme: 'blue' }, 'invalid_theme', 'theme'],
  [{ routingStrategy: 'best' }, 'invalid_routing_strategy', 'routingStrategy'],
  [{ routingStrategy: 5 }, 'invalid_routing_strategy', 'routingStrategy'],
  [{ routingHeadroomWeightPrimary: 1.1 }, 'invalid_routing_weight', 'routingHeadroomWeightPrimary'],
  [{ routingHeadroomWeightSecondary: '0.5' }, 'invalid_routing_weight', 'routingHeadroomWeightSecondary'],
  [{ routingSuccessRateRho: 0 }, 'invalid_routing_success_rate_rho', 'routingSuccessRateRho'],
  [{ routingSuccessRateRho: 64.5 }, 'invalid_routing_success_rate_rho', 'routingSuccessRateRho'],
  [
    { routingPlanModelPricingUsdPerMillion: 'plus@*=1' },
    'invalid_routing_plan_model_pricing_usd_per_million',
    'routingPlanModelPricingUsdPerMillion',
  ],
  [{ lockedRoutingAccountIds: 'a,b' }, 'invalid_field', 'lockedRoutingAccountIds'],
  [{ lockedRoutingAccountIds: ['a', 5] }, 'invalid_field', 'lockedRoutingAccountIds[1]'],
])('%j is refused with %s and changes nothing', async (change, code, param) => {
  const { service, store } = await open(memorySettings());
  const refused = service.change({ preferEarlierResetAccounts: true, ...change }, write);
  await expect(refused).rejects.toMatchObject({ code, param, status: 400 });
  expect(service.current()).toEqual(DEFAULTS);
  expect(store.writes()).toBe(0);
});

test('a stale version is a conflict and changes nothing', async () => {
  const { service } = await open(memorySettings());
  await service.change({ theme: 'dark' }, { ...write, expectedVersion: 1 });
  const late = service.change({ theme: 'light' }, { ...write, expectedVersion: 1 });
  await expect(late).rejects.toMatchObject({ code: 'conflict' });
  expect(service.current().theme).toBe('dark');
});

test('another feature may refuse a change', async () => {
  const { service, store } = await open(memorySettings());
  service.addCheck(({ before, after }) => {
    if (before.theme !== after.theme) throw new TightropeError('invalid_theme');
  });
  await expect(service.change({ theme: 'dark' }, write)).rejects.toMatchObject({ code: 'invalid_theme' });
  await service.change({ preferEarlierResetAccounts: true }, write);
  expect(store.writes()).toBe(1);
});

test('restoring an old version brings its settings back, as a new version, and leaves the rest', async () => {
  const { service, store } = await open(memorySettings());
  await service.change({ theme: 'dark' }, write);
  await service.change({ theme: 'light', routingStrategy: 'headroom' }, write);
  await store.keep({ proxyPaused: true });
  await service.restore(2, 'test');
  expect(service.current()).toEqual({ ...DEFAULTS, theme: 'dark' });
  expect(service.version()).toBe(4);
  expect((await store.get()).settings).toEqual({ proxyPaused: true, theme: 'dark' });
  await expect(service.restore(99, 'test')).rejects.toMatchObject({ code: 'settings_version_not_found', status: 404 });
});

test('after a failed write, memory and disk agree', async () => {
  const { service, store } = await open(memorySettings());
  store.failOnce();
  await expect(service.change({ theme: 'dark' }, write)).rejects.toMatchObject({ code: 'db_unavailable' });
  expect(service.current().theme).toBe('auto');
  await service.change({ theme: 'light' }, write);
  expect(service.current().theme).toBe('light');
});

test('a stored value that may not be counts as not set and is named in the log', async () => {
  const { service, logger } = await open(memorySettings({ theme: 'blue', routingSuccessRateRho: 3 }));
  expect(service.current()).toEqual({ ...DEFAULTS, routingSuccessRateRho: 3 });
  expect(logger.lines).toEqual([expect.objectContaining({ event: 'setting_unusable' })]);
});
