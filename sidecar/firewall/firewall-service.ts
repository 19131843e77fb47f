/** The firewall: which addresses may use the proxy. Asked for every request, so the list is held ready in memory. */
import type { FirewallAdded, FirewallEntry, FirewallList } from '../contract/firewall';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { TightropeError } from '../platform/errors';
import { uuidv7 } from '../platform/ids';
import { addressSet, type AddressSet } from '../platform/peer-address';
import { FirewallStore, type FirewallRow } from './firewall-store';
import { canonicalNetwork } from './network';

export interface FirewallDependencies {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly clock: Clock;
}

const LOOPBACK = ['127.0.0.1', '::1'] as const;

export class FirewallService {
  readonly #deps: FirewallDependencies;
  readonly #store: FirewallStore;
  #rows: readonly FirewallRow[];
  #allowed: AddressSet;
  /** A change sees what the one before it has made. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(deps: FirewallDependencies, store: FirewallStore, rows: readonly FirewallRow[]) {
    this.#deps = deps;
    this.#store = store;
    this.#rows = rows;
    this.#allowed = addressSet(rows.map(({ ip }) => ip));
  }

  static async open(deps: FirewallDependencies): Promise<FirewallService> {
    const store = new FirewallStore(deps.database.read);
    return new FirewallService(deps, store, await store.all());
  }

  /** Whether a client at this address may use the proxy. @param address normalised; `null` = not known, which no list allows */
  allows(address: string | null): boolean {
    return this.#rows.length === 0 || (address !== null && this.#allowed.contains(address));
  }

  list(): FirewallList {
    return {
      mode: this.#rows.length === 0 ? 'allow_all' : 'allowlist_active',
      loopbackAllowed: LOOPBACK.every((address) => this.allows(address)),
      warning: this.#warning(),
      entries: this.#rows.map(entryOf),
    };
  }

  /**
   * Allows an address or network. The first one shuts everybody else out, this machine included: that is warned of.
   * @param withLoopback lists this machine's own addresses, too
   * @throws TightropeError `invalid_ip`, `ip_exists`
   */
  add(text: string, withLoopback: boolean): Promise<FirewallAdded> {
    return this.#inTurn(async () => {
      const ip = readNetwork(text);
      if (this.#rows.some((row) => row.ip === ip)) throw new TightropeError('ip_exists', { param: 'ipAddress' });
      const created_at_ms = this.#deps.clock.now();
      const wanted = addressSet([...this.#rows.map((row) => row.ip), ip]);
      const missing = withLoopback ? LOOPBACK.filter((address) => !wanted.contains(address)) : [];
      const rows = [ip, ...missing].map((one) => ({ id: uuidv7(), ip: one, created_at_ms }));
      await this.#deps.database.write.transaction((trx) => this.#store.insert(trx, rows));
      this.#use([...this.#rows, ...rows]);
      return { ipAddress: ip, createdAt: new Date(created_at_ms).toISOString(), warning: this.#warning() };
    });
  }

  /** @throws TightropeError `invalid_ip`, `ip_not_found` */
  remove(text: string): Promise<void> {
    return this.#inTurn(async () => {
      const ip = readNetwork(text);
      if (!this.#rows.some((row) => row.ip === ip)) throw new TightropeError('ip_not_found');
      await this.#deps.database.write.transaction((trx) => this.#store.remove(trx, ip));
      this.#use(this.#rows.filter((row) => row.ip !== ip));
    });
  }

  #use(rows: readonly FirewallRow[]): void {
    this.#rows = rows;
    this.#allowed = addressSet(rows.map(({ ip }) => ip));
  }

  #warning(): string | null {
    const out = LOOPBACK.filter((address) => !this.allows(address));
    if (out.length === 0) return null;
    return `Clients on this machine are locked out: ${out.join(' and ')} ${out.length === 1 ? 'is' : 'are'} not on the list.`;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined); // the caller gets the error; the next change starts afresh
    return done;
  }
}

function readNetwork(text: string): string {
  const ip = canonicalNetwork(text);
  if (ip === null) throw new TightropeError('invalid_ip', { param: 'ipAddress' });
  return ip;
}

function entryOf({ ip, created_at_ms }: FirewallRow): FirewallEntry {
  return { ipAddress: ip, createdAt: new Date(created_at_ms).toISOString() };
}
