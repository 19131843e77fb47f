/** How the process is doing, and the proxy switch (spec/admin-api.md 4). */
import type { ProxySwitch, ProxySwitchPatch, RuntimeEventPage, RuntimeHealth } from '../../sidecar/contract/runtime';
import { call } from './request';

export function readHealth(signal: AbortSignal): Promise<RuntimeHealth> {
  return call('GET', '/api/runtime/health', { signal });
}

export function readProxySwitch(signal: AbortSignal): Promise<ProxySwitch> {
  return call('GET', '/api/runtime/proxy', { signal });
}

export function changeProxySwitch(patch: ProxySwitchPatch): Promise<ProxySwitch> {
  return call('PATCH', '/api/runtime/proxy', { body: patch });
}

/** The newest events, oldest of them first. */
export function listEvents(signal: AbortSignal): Promise<RuntimeEventPage> {
  return call('GET', '/api/events', { query: { limit: 500 }, signal });
}
