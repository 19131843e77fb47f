import { ProxySwitch, type EventSink } from '../../../sidecar/admin/proxy-switch';
import { memorySettings } from '../settings/memory-settings';

type Told = Parameters<EventSink['publish']>[0];

function sink(): EventSink & { readonly told: Told[] } {
  const told: Told[] = [];
  return { told, publish: (event) => void told.push(event) };
}

test('a fresh proxy takes requests', async () => {
  const proxy = await ProxySwitch.load(memorySettings(), sink());
  expect(proxy.state()).toEqual({ enabled: true, paused: false, autoRestart: true });
  expect(proxy.refuse()).toBeNull();
});

test('stopped, paused and draining each refuse with their own code', async () => {
  const proxy = await ProxySwitch.load(memorySettings(), sink());
  await proxy.change({ paused: true });
  expect(proxy.refuse()).toMatchObject({ code: 'proxy_paused', status: 503 });
  await proxy.change({ enabled: false });
  expect(proxy.refuse()).toMatchObject({ code: 'proxy_disabled', status: 503 });
  proxy.beginDrain();
  expect(proxy.refuse()).toMatchObject({ code: 'shutting_down', status: 503 });
  await proxy.change({ enabled: true, paused: false });
  expect(proxy.refuse()?.code).toBe('shutting_down');
});

test('a change is told once, setting what is set is not', async () => {
  const events = sink();
  const settings = memorySettings();
  const proxy = await ProxySwitch.load(settings, events);
  await proxy.change({ enabled: true });
  await proxy.change({});
  expect(settings.writes()).toBe(0);
  await proxy.change({ enabled: false });
  await proxy.change({ enabled: false });
  expect(settings.writes()).toBe(1);
  expect(events.told).toEqual([
    {
      type: 'proxy_state',
      level: 'warn',
      message: 'The proxy is stopped: new requests are refused.',
      facts: { enabled: false, paused: false, autoRestart: true },
    },
  ]);
});

test('with autoRestart a restart starts the proxy again', async () => {
  const settings = memorySettings();
  await (await ProxySwitch.load(settings, sink())).change({ enabled: false, paused: true });
  expect((await ProxySwitch.load(settings, sink())).state()).toEqual({
    enabled: true,
    paused: false,
    autoRestart: true,
  });
});

test('without autoRestart the switch is left as it was', async () => {
  const settings = memorySettings();
  await (await ProxySwitch.load(settings, sink())).change({ enabled: false, paused: true, autoRestart: false });
  expect((await ProxySwitch.load(settings, sink())).state()).toEqual({
    enabled: false,
    paused: true,
    autoRestart: false,
  });
});

test('stored values of another kind count as not set', async () => {
  const proxy = await ProxySwitch.load(memorySettings({ proxyAutoRestart: 'no', proxyEnabled: 0 }), sink());
  expect(proxy.state().enabled).toBe(true);
});

test('changes at the same time end in the last one, in memory and on disk', async () => {
  const settings = memorySettings();
  const proxy = await ProxySwitch.load(settings, sink());
  await Promise.all([
    proxy.change({ enabled: false }),
    proxy.change({ paused: true }),
    proxy.change({ enabled: true }),
  ]);
  expect(proxy.state()).toEqual({ enabled: true, paused: true, autoRestart: true });
  expect((await settings.get()).settings).toEqual({ proxyEnabled: true, proxyPaused: true, proxyAutoRestart: true });
});

test('a failed write changes nothing, and the next one works', async () => {
  const settings = memorySettings();
  const events = sink();
  const proxy = await ProxySwitch.load(settings, events);
  settings.failOnce();
  await expect(proxy.change({ enabled: false })).rejects.toMatchObject({ code: 'db_unavailable' });
  expect(proxy.state().enabled).toBe(true);
  expect(events.told).toEqual([]);
  expect((await proxy.change({ enabled: false })).enabled).toBe(false);
});
