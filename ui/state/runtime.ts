/** The process itself: health, the proxy switch, what happened. */
import { computed } from '@preact/signals';
import { changeProxySwitch, listEvents, readHealth, readProxySwitch } from '../api/runtime';
import type { ProxySwitchPatch } from '../../sidecar/contract/runtime';
import { noticeText } from '../strings';
import { isReachable } from './connection';
import { keepFresh } from './freshness';
import { telling } from './notices';
import { resource } from './resource';

export const health = keepFresh(resource(readHealth), {
  pollMs: 15_000,
  on: ['proxy_state', 'accounts_changed', 'database_state'],
});

export const proxySwitch = keepFresh(resource(readProxySwitch), { pollMs: 30_000, on: ['proxy_state'] });

export const events = keepFresh(resource(listEvents), {
  pollMs: 30_000,
  on: ['runtime_signal', 'accounts_changed', 'settings_changed', 'proxy_state'],
  gatherMs: 2_000,
});

/** What the router is doing in one word. */
export type RouterState = 'running' | 'paused' | 'stopped' | 'degraded' | 'unknown';

export const routerState = computed<RouterState>(() => {
  const now = health.data.value;
  if (!isReachable.value || now === null) return 'unknown';
  if (!now.proxyEnabled) return 'stopped';
  if (now.proxyPaused) return 'paused';
  return now.status === 'ok' ? 'running' : 'degraded';
});

async function change(patch: ProxySwitchPatch): Promise<void> {
  proxySwitch.put(await changeProxySwitch(patch));
  await health.refresh();
}

/** Pauses or resumes new traffic, with a way back. */
export async function setPaused(paused: boolean): Promise<void> {
  await telling(() => change({ paused }), paused ? noticeText.paused : noticeText.resumed, {
    label: noticeText.undo,
    run: () => void telling(() => change({ paused: !paused }), paused ? noticeText.resumed : noticeText.paused),
  });
}

/** Starts or stops the proxy. */
export async function setEnabled(enabled: boolean): Promise<void> {
  await telling(() => change({ enabled }), enabled ? noticeText.started : noticeText.stopped);
}
