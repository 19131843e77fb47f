/** The sign-ins of this process: those under way, and those of the last hour for pages that look again. */
import { TightropeError } from '../platform/errors';
import { stateDigest, type SignInFlow } from './sign-in-flow';

/** Under way at the same time. People need a few, a runaway script would want all. */
const MOST_ACTIVE = 20;
const MOST_KEPT = 100;
const KEPT_MS = 3_600_000;

export class FlowRegister {
  /** Oldest first. */
  readonly #flows = new Map<string, SignInFlow>();

  /** @throws TightropeError `oauth_too_many_flows` */
  assertRoom(): void {
    const active = this.all().filter((flow) => flow.active).length;
    if (active >= MOST_ACTIVE) throw new TightropeError('oauth_too_many_flows');
  }

  add(flow: SignInFlow, nowMs: number): void {
    this.#flows.set(flow.id, flow);
    for (const old of this.all()) {
      const tooMany = this.#flows.size > MOST_KEPT;
      if (!old.active && (tooMany || old.startedAtMs < nowMs - KEPT_MS)) this.#flows.delete(old.id);
    }
  }

  all(): SignInFlow[] {
    return [...this.#flows.values()];
  }

  newest(): SignInFlow | null {
    return this.all().at(-1) ?? null;
  }

  /** The named one, else the newest, else `null`. @throws TightropeError `oauth_flow_not_found` */
  find(flowId: string | undefined): SignInFlow | null {
    if (flowId === undefined) return this.newest();
    const flow = this.#flows.get(flowId);
    if (flow === undefined) throw new TightropeError('oauth_flow_not_found');
    return flow;
  }

  byState(state: string): SignInFlow | null {
    const digest = stateDigest(state);
    return this.all().find((flow) => flow.stateDigest === digest) ?? null;
  }

  byDevice(deviceAuthId: string): SignInFlow | null {
    return this.all().find((flow) => flow.deviceAuthId === deviceAuthId) ?? null;
  }
}
