/**
 * Whether new proxied requests are taken (spec/admin-api.md 4.2, 4.4). Running ones are never touched by it.
 *
 * `autoRestart` decides what a restart of the process does with the switch: `true` (default) starts the proxy again,
 * enabled and not paused, whatever was set before; `false` keeps `enabled` and `paused` as they were left.
 */
import type { EventLevel, ProxySwitch as ProxySwitchState, ProxySwitchPatch } from '../contract/runtime';
import { TightropeError } from '../platform/errors';
import type { SettingsStore } from '../settings/settings-store';

/** Where state changes are told. */
export interface EventSink {
  publish(event: {
    readonly type: string;
    readonly level: EventLevel;
    readonly message: string;
    readonly facts?: Record<string, unknown>;
  }): void;
}

/** Names of the settings that carry the switch over a restart. */
const STORED = { enabled: 'proxyEnabled', paused: 'proxyPaused', autoRestart: 'proxyAutoRestart' } as const;

export class ProxySwitch {
  #state: ProxySwitchState;
  #draining = false;
  /** Changes run one after the other, so that memory and disk end up with the same one. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(
    state: ProxySwitchState,
    private readonly settings: SettingsStore,
    private readonly events: EventSink,
  ) {
    this.#state = state;
  }

  /** Reads the stored switch and applies `autoRestart`. */
  static async load(settings: SettingsStore, events: EventSink): Promise<ProxySwitch> {
    const { settings: stored } = await settings.get();
    const autoRestart = flag(stored[STORED.autoRestart], true);
    const enabled = autoRestart || flag(stored[STORED.enabled], true);
    const paused = !autoRestart && flag(stored[STORED.paused], false);
    return new ProxySwitch({ enabled, paused, autoRestart }, settings, events);
  }

  state(): ProxySwitchState {
    return { ...this.#state };
  }

  /** Stores and applies the change, and tells it as event `proxy_state`. Setting what is already set does nothing. */
  change(patch: ProxySwitchPatch): Promise<ProxySwitchState> {
    const change = this.#changes.then(() => this.#apply(patch));
    this.#changes = change.catch(() => undefined); // the caller gets the error; the next change starts afresh
    return change;
  }

  /** From now on nothing new is taken: the process is about to stop. */
  beginDrain(): void {
    this.#draining = true;
  }

  /** The gateway's `IntakeGate`: why a new request is not taken, or `null`. */
  refuse(): TightropeError | null {
    if (this.#draining) return new TightropeError('shutting_down', { headers: { connection: 'close' } });
    if (!this.#state.enabled) return new TightropeError('proxy_disabled');
    return this.#state.paused ? new TightropeError('proxy_paused') : null;
  }

  async #apply(patch: ProxySwitchPatch): Promise<ProxySwitchState> {
    const before = this.#state;
    const after: ProxySwitchState = {
      enabled: patch.enabled ?? before.enabled,
      paused: patch.paused ?? before.paused,
      autoRestart: patch.autoRestart ?? before.autoRestart,
    };
    const unchanged =
      after.enabled === before.enabled && after.paused === before.paused && after.autoRestart === before.autoRestart;
    if (unchanged) return this.state();
    await this.settings.keep({
      [STORED.enabled]: after.enabled,
      [STORED.paused]: after.paused,
      [STORED.autoRestart]: after.autoRestart,
    });
    this.#state = after;
    this.events.publish({
      type: 'proxy_state',
      level: after.enabled && !after.paused ? 'info' : 'warn',
      message: describe(after),
      facts: { ...after },
    });
    return this.state();
  }
}

function describe(state: ProxySwitchState): string {
  if (!state.enabled) return 'The proxy is stopped: new requests are refused.';
  return state.paused ? 'The proxy is paused: new requests are refused.' : 'The proxy takes requests.';
}

function flag(stored: unknown, otherwise: boolean): boolean {
  return typeof stored === 'boolean' ? stored : otherwise;
}
