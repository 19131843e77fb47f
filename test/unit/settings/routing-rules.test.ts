import { followRoutingRules } from '../../../sidecar/settings/routing-rules';
import { SettingsService } from '../../../sidecar/settings/settings-service';
import { recordingLogger } from '../platform/recording-logger';
import { memorySettings } from './memory-settings';

const open = () => SettingsService.open({ store: memorySettings(), logger: recordingLogger() });

test('the rules follow the settings, and stay the same object in between', async () => {
  const settings = await open();
  const rules = followRoutingRules(settings, null);
  const before = rules();
  expect(before).toEqual({
    strategy: 'weighted_round_robin',
    preferEarlierReset: false,
    headroomWeights: { short: 0.35, long: 0.65 },
    rho: 2,
    lockPool: new Set(),
    strictContinuations: false,
    prices: new Map(),
  });
  expect(rules()).toBe(before);
  await settings.change({ routingStrategy: 'headroom' }, { by: 'test' });
  expect(rules()).not.toBe(before);
  expect(rules().strategy).toBe('headroom');
});

test('continuations are strict when a person says so', async () => {
  const settings = await open();
  const rules = followRoutingRules(settings, null);
  await settings.change({ strictLockPoolContinuations: true }, { by: 'test' });
  expect(rules().strictContinuations).toBe(true);
});

test('one locked account is no pool, two are', async () => {
  const settings = await open();
  const rules = followRoutingRules(settings, null);
  await settings.change({ lockedRoutingAccountIds: ['a'] }, { by: 'test' });
  expect(rules().lockPool).toEqual(new Set());
  await settings.change({ lockedRoutingAccountIds: ['a', 'b'] }, { by: 'test' });
  expect(rules().lockPool).toEqual(new Set(['a', 'b']));
});

test('prices of the configuration win over those of the settings', async () => {
  const settings = await open();
  const rules = followRoutingRules(settings, 'plus@*=9:9');
  await settings.change({ routingPlanModelPricingUsdPerMillion: 'plus@*=1:2,team@x=3:4' }, { by: 'test' });
  expect(Object.fromEntries(rules().prices)).toEqual({
    'plus@*': { input: 9, output: 9 },
    'team@x': { input: 3, output: 4 },
  });
});
