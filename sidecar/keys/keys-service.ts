/**
 * API keys: who enters with one, what it lets a turn do and use. Everything is answered from memory; what was used is written behind
 * the turns, what people change before it counts.
 */
import type { ApiKey, ApiKeyChange, ApiKeyCreation, ApiKeyWithSecret } from '../contract/api-keys';
import type { TurnRecord } from '../contract/turn-record';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { TightropeError } from '../platform/errors';
import { uuidv7 } from '../platform/ids';
import type { Logger } from '../platform/logger';
import { KeyChanges } from './key-changes';
import { keyEntry, KeyIndex, type KeyEntry, type KeyRules } from './key-index';
import { meterOf, termsOf } from './key-row';
import { keyView, statusOf } from './key-view';
import { KeysStore } from './keys-store';
import { limitRefusal } from './limit-refusal';
import { estimateOf, isPriced, usedBy, type Demand, type PriceTurn } from './turn-amounts';
import { UsageWriter } from './usage-writer';

export interface KeysDependencies {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeId: string;
  readonly price: PriceTurn;
  /** Whether there is an account with this id. */
  readonly isAccount: (id: string) => boolean;
}

/** What a turn holds of its key's limits. */
export interface Reservation {
  /** Counts what the turn really used and gives the rest back. Only the first call counts. */
  close(record: TurnRecord): void;
}

export class KeysService {
  readonly #deps: KeysDependencies;
  readonly #index = new KeyIndex();
  readonly #store: KeysStore;
  readonly #writer: UsageWriter;
  readonly #changes: KeyChanges;

  private constructor(deps: KeysDependencies) {
    const { database, clock, logger, isAccount } = deps;
    this.#deps = deps;
    this.#store = new KeysStore(database.read);
    const transaction: Database['write']['transaction'] = (body) => database.write.transaction(body);
    this.#writer = new UsageWriter({ store: this.#store, transaction, clock, logger });
    this.#changes = new KeyChanges({
      index: this.#index,
      store: this.#store,
      transaction,
      writer: this.#writer,
      now: () => clock.now(),
      isAccount,
    });
  }

  /** Loads every key, and gives back what turns of a process that died had reserved. */
  static async open(deps: KeysDependencies): Promise<KeysService> {
    const service = new KeysService(deps);
    await service.#load();
    return service;
  }

  /** Newest first. */
  list(): ApiKey[] {
    const nowMs = this.#deps.clock.now();
    return [...this.#index.all()].reverse().map((entry) => keyView(entry, nowMs));
  }

  /** @throws TightropeError `invalid_api_key_payload` */
  async create(creation: ApiKeyCreation): Promise<ApiKeyWithSecret> {
    const { entry, secret } = await this.#changes.create(creation);
    return { ...this.#view(entry), key: secret };
  }

  /** @throws TightropeError `invalid_api_key_payload`, `api_key_not_found` */
  async change(id: string, change: ApiKeyChange): Promise<ApiKey> {
    return this.#view(await this.#changes.change(id, change));
  }

  /** The old secret stops working at once. @throws TightropeError `api_key_not_found` */
  async regenerate(id: string): Promise<ApiKeyWithSecret> {
    const { entry, secret } = await this.#changes.regenerate(id);
    return { ...this.#view(entry), key: secret };
  }

  /** @throws TightropeError `api_key_not_found` */
  remove(id: string): Promise<void> {
    return this.#changes.remove(id);
  }

  /**
   * The key behind a presented secret.
   * @throws TightropeError `invalid_api_key` saying whether it is unknown, switched off or expired
   */
  identify(secret: string): { readonly id: string; readonly showsAccount: boolean } {
    const entry = this.#index.find(secret);
    if (entry === undefined) throw keyRefusal('This API key is not known.');
    this.#requireActive(entry);
    return { id: entry.id, showsAccount: entry.terms.showRoutedAccount };
  }

  // The ring, as the gateway's ports describe it.

  rulesOf(keyId: string): KeyRules {
    return this.#admitted(keyId).rules;
  }

  reserve(keyId: string, demand: Demand): Reservation {
    const { clock, nodeId, price } = this.#deps;
    const { meter } = this.#admitted(keyId);
    const nowMs = clock.now();
    const model = demand.model?.trim().toLowerCase() ?? null;
    if (model !== null && meter.limitsCostOf(model) && !isPriced(model, price)) {
      const message = 'This API key has a cost limit, and what this model costs is not known.';
      throw new TightropeError('model_not_allowed', { message, param: 'model' });
    }
    const estimate = estimateOf({ ...demand, model }, price);
    const held = meter.reserve(estimate, model, nowMs);
    if (held.kind === 'reached') throw limitRefusal(held.counter, nowMs);
    const id = uuidv7(nowMs);
    this.#writer.opened({
      id,
      node_id: nodeId,
      api_key_id: keyId,
      model,
      reserved_at_ms: nowMs,
      input_tokens: estimate.input_tokens,
      output_tokens: estimate.output_tokens,
      cost_micro_usd: estimate.cost_usd,
    });
    return {
      close: (record) => {
        held.settle(usedBy(record, model, price), clock.now());
        this.#writer.closed(id, keyId, meter);
      },
    };
  }

  /** Deletes reservations of any process that were made before this time, UTC ms: no turn lives that long. */
  async sweep(beforeMs: number): Promise<void> {
    const { database, logger } = this.#deps;
    const swept = await database.write.transaction((trx) => this.#store.sweepReservations(trx, { beforeMs }));
    if (swept > 0) logger.warn('api_key_reservations_swept', { swept });
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    if (!(await this.#writer.flush())) this.#deps.logger.error('api_key_usage_lost_at_close');
  }

  async #load(): Promise<void> {
    const { database, logger, nodeId } = this.#deps;
    const left = await database.write.transaction((trx) => this.#store.sweepReservations(trx, { nodeId }));
    const [rows, limits] = await Promise.all([this.#store.all(), this.#store.limits()]);
    for (const row of rows) {
      const meter = meterOf(
        row,
        limits.filter((limit) => limit.api_key_id === row.id),
      );
      this.#index.put(
        keyEntry({
          id: row.id,
          hash: row.key_hash,
          prefix: row.key_prefix,
          createdAtMs: row.created_at_ms,
          terms: termsOf(row),
          meter,
        }),
      );
    }
    if (left > 0) logger.warn('api_key_reservations_left_behind', { released: left });
  }

  #admitted(keyId: string): KeyEntry {
    const entry = this.#index.get(keyId);
    if (entry === undefined) throw keyRefusal('This API key was deleted.');
    this.#requireActive(entry);
    return entry;
  }

  #requireActive({ terms }: KeyEntry): void {
    const status = statusOf(terms, this.#deps.clock.now());
    if (status === 'inactive') throw keyRefusal('This API key is switched off.');
    if (status === 'expired') throw keyRefusal('This API key has expired.');
  }

  #view(entry: KeyEntry): ApiKey {
    return keyView(entry, this.#deps.clock.now());
  }
}

function keyRefusal(message: string): TightropeError {
  return new TightropeError('invalid_api_key', { message });
}
