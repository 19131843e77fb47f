/** Everything that keeps logins alive, wired: intents, lane, exchange, refresh on demand, sweeps. */
import type { Cluster } from '../cluster/cluster';
import type { TokenEndpoint } from '../oauth/token-endpoint';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { Vault } from '../vault/vault';
import type { PublishEvent } from './account-events';
import type { AccountsStore } from './accounts-store';
import type { BackgroundWrites } from './background-writes';
import { LoginWriter, type RunTransaction } from './login-writer';
import { isInDoubt, RefreshIntents } from './refresh-intent';
import { RefreshLane } from './refresh-lane';
import { RefreshOutcome } from './refresh-outcome';
import { RefreshSweep } from './refresh-sweep';
import type { RefreshTimes } from './refresh-times';
import type { Roster, RosterEntry } from './roster';
import { ServingTokens } from './serving-tokens';
import { TokenExchange } from './token-exchange';
import { TokenRefresh } from './token-refresh';

export interface LoginsOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly background: BackgroundWrites;
  readonly vault: Vault;
  readonly endpoint: TokenEndpoint;
  readonly cluster: Pick<Cluster, 'nodeId' | 'refreshPermit'>;
  readonly times: RefreshTimes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: PublishEvent;
}

export class Logins {
  readonly refresh: TokenRefresh;
  readonly sweep: RefreshSweep;
  readonly #writer: LoginWriter;
  readonly #outcome: RefreshOutcome;
  readonly #exchange: TokenExchange;

  constructor(options: LoginsOptions) {
    const { roster, clock } = options;
    const serving = new ServingTokens(clock);
    this.#writer = new LoginWriter(options);
    this.#outcome = new RefreshOutcome({ ...options, serving, nodeId: options.cluster.nodeId });
    // There is one OAuth client, hence one lane for all accounts.
    const parts = { lane: new RefreshLane(), intents: new RefreshIntents(options), outcome: this.#outcome };
    this.#exchange = new TokenExchange({ ...options, ...parts, writer: this.#writer });
    this.refresh = new TokenRefresh({ roster, exchange: this.#exchange, serving, clock });
    this.sweep = new RefreshSweep({ ...options, serving, refresh: (id) => this.refresh.refreshQuietly(id) });
  }

  /** Tells at the start of the process what a death of the last one may have cost this account. */
  examine(entry: RosterEntry): void {
    if (isInDoubt(entry)) this.#outcome.interrupted(entry);
  }

  /**
   * Begins no further refresh and lets running ones finish, for what they have spent cannot be spent again. Those that
   * take longer than `graceMs` are cut off.
   */
  async finish(graceMs: number): Promise<void> {
    this.#exchange.stop();
    const timer = setTimeout(() => this.#exchange.cutOff(), graceMs);
    await this.refresh.settled();
    clearTimeout(timer);
  }

  /** Writes out what the database has not taken yet. */
  close(): Promise<void> {
    return this.#writer.close();
  }
}
