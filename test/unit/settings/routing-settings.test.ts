import { RoutingSettings } from '../../../sidecar/contract/routing';
import { compile } from '../../../sidecar/contract/validate';
import { RoutingSettingsService } from '../../../sidecar/settings/routing-settings';
import { recordingLogger } from '../platform/recording-logger';
import { memorySettings, type MemorySettings } from './memory-settings';

const DEFAULTS = {
  routingStrategy: 'weighted_round_robin',
  preferEarlierResetAccounts: false,
  routingHeadroomWeightPrimary: 0.35,
  routingHeadroomWeightSecondary: 0.65,
  routingSuccessRateRho: 2,
  routingPlanModelPricingUsdPerMillion: '',
  lockedRoutingAccountIds: [],
  strictLockPoolContinuations: false,
};

async function open(store: MemorySettings, configuredPricing: string | null = null) {
  const logger = recordingLogger();
  return { logger, store, service: await RoutingSettingsService.open({ store, configuredPricing, logger }) };
}

test('without anything stored: the defaults', async () => {
  const { service } = await open(memorySettings());
  expect(compile(RoutingSettings, 'settings')(service.get())).toEqual(DEFAULTS);
  expect(service.rules()).toEqual({
    strategy: 'weighted_round_robin',
    preferEarlierReset: false,
    headroomWeights: { short: 0.35, long: 0.65 },
    rho: 2,
    lockPool: new Set(),
    prices: new Map(),
  });
});

test('a change is stored, in force at once and told; other settings stay', async () => {
  const { service, store } = await open(memorySettings({ theme: 'dark' }));
  const heard: string[] = [];
  const stop = service.onChange((settings) => heard.push(settings.routingStrategy));
  const before = service.rules();
  expect(service.rules()).toBe(before);
  expect(await service.patch({ routingStrategy: ' Drain_Hop ', theme: 'light', routingSuccessRateRho: null })).toEqual({
    ...DEFAULTS,
    routingStrategy: 'drain_hop',
  });
  expect(service.rules()).not.toBe(before);
  expect(service.rules().strategy).toBe('drain_hop');
  expect((await store.get()).settings).toEqual({ theme: 'dark', routingStrategy: 'drain_hop' });
  stop();
  await service.patch({ routingStrategy: 'headroom' });
  expect(heard).toEqual(['drain_hop']);
});

test('what is set survives a restart', async () => {
  const store = memorySettings();
  await (
    await open(store)
  ).service.patch({ lockedRoutingAccountIds: [' a ', '', 'b', 'a'], preferEarlierResetAccounts: true });
  const { service } = await open(store);
  expect(service.get()).toMatchObject({ lockedRoutingAccountIds: ['a', 'b'], preferEarlierResetAccounts: true });
});

test.each([
  [{ routingStrategy: 'best' }, 'invalid_routing_strategy', 'routingStrategy'],
  [{ routingStrategy: 5 }, 'invalid_routing_strategy', 'routingStrategy'],
  [{ routingHeadroomWeightPrimary: 1.1 }, 'invalid_routing_weight', 'routingHeadroomWeightPrimary'],
  [{ routingHeadroomWeightSecondary: NaN }, 'invalid_routing_weight', 'routingHeadroomWeightSecondary'],
  [{ routingSuccessRateRho: 0 }, 'invalid_routing_success_rate_rho', 'routingSuccessRateRho'],
  [{ routingSuccessRateRho: 64.5 }, 'invalid_routing_success_rate_rho', 'routingSuccessRateRho'],
  [
    { routingPlanModelPricingUsdPerMillion: 'plus@*=1' },
    'invalid_routing_plan_model_pricing_usd_per_million',
    'routingPlanModelPricingUsdPerMillion',
  ],
  [{ lockedRoutingAccountIds: 'a,b' }, 'invalid_field', 'lockedRoutingAccountIds'],
  [{ lockedRoutingAccountIds: ['a', 5] }, 'invalid_field', 'lockedRoutingAccountIds'],
  [{ strictLockPoolContinuations: 'yes' }, 'invalid_field', 'strictLockPoolContinuations'],
])('%j is refused with %s and changes nothing', async (change, code, param) => {
  const { service, store } = await open(memorySettings());
  await expect(service.patch({ preferEarlierResetAccounts: true, ...change })).rejects.toMatchObject({
    code,
    param,
    status: 400,
  });
  expect(service.get()).toEqual(DEFAULTS);
  expect(store.writes()).toBe(0);
});

test('a change that holds no routing setting writes nothing', async () => {
  const { service, store } = await open(memorySettings());
  await service.patch({ theme: 'dark' });
  expect(store.writes()).toBe(0);
});

test('stored values that may not be count as not set, with a warning each', async () => {
  const { service, logger } = await open(memorySettings({ routingStrategy: 'legacy', routingSuccessRateRho: '2' }));
  expect(service.get()).toEqual(DEFAULTS);
  expect(logger.lines.filter(({ event }) => event === 'routing_setting_unusable')).toHaveLength(2);
});

test('a lock pool is active from two accounts on', async () => {
  const { service } = await open(memorySettings());
  await service.patch({ lockedRoutingAccountIds: ['a', 'a'] });
  expect(service.rules().lockPool.size).toBe(0);
  await service.patch({ lockedRoutingAccountIds: ['a', 'b'] });
  expect([...service.rules().lockPool]).toEqual(['a', 'b']);
});

test('prices of the configuration win over those of the settings, entry by entry; bad ones are left out', async () => {
  const { service } = await open(memorySettings(), 'plus@*=1:2,broken');
  await service.patch({ routingPlanModelPricingUsdPerMillion: 'plus@*=3:4,pro@*=5:6' });
  expect(Object.fromEntries(service.rules().prices)).toEqual({
    'plus@*': { input: 1, output: 2 },
    'pro@*': { input: 5, output: 6 },
  });
});

test('a write that fails changes nothing, and the next one goes on', async () => {
  const { service, store } = await open(memorySettings());
  store.failOnce();
  await expect(service.patch({ routingStrategy: 'headroom' })).rejects.toMatchObject({ code: 'db_unavailable' });
  expect(service.get().routingStrategy).toBe('weighted_round_robin');
  await service.patch({ routingStrategy: 'headroom' });
  expect(service.get().routingStrategy).toBe('headroom');
});

test('changes at the same time are applied in their order', async () => {
  const { service, store } = await open(memorySettings());
  await Promise.all([service.patch({ routingStrategy: 'headroom' }), service.patch({ routingStrategy: 'fill_first' })]);
  expect(service.get().routingStrategy).toBe('fill_first');
  expect((await store.get()).settings).toMatchObject({ routingStrategy: 'fill_first' });
});

test('what something else has stored is taken over when told, once', async () => {
  const { service, store } = await open(memorySettings());
  const heard: unknown[] = [];
  service.onChange((settings) => heard.push(settings.routingStrategy));
  await store.patch({ routingStrategy: 'round_robin' });
  await service.reload();
  await service.reload();
  expect(heard).toEqual(['round_robin']);
});

test('a listener that throws keeps nobody from hearing and the change from being made', async () => {
  const { service, logger } = await open(memorySettings());
  const heard: unknown[] = [];
  service.onChange(() => {
    throw new Error('listener');
  });
  service.onChange((settings) => heard.push(settings.routingStrategy));
  await service.patch({ routingStrategy: 'headroom' });
  expect(heard).toEqual(['headroom']);
  expect(logger.lines.map(({ event }) => event)).toContain('routing_settings_listener_failed');
});
