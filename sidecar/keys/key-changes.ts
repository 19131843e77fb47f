/** What people do with keys: make, change, give a new secret, delete. One after the other, on disk before in memory. */
import type { ApiKeyChange, ApiKeyCreation } from '../contract/api-keys';
import { TightropeError } from '../platform/errors';
import { uuidv7 } from '../platform/ids';
import { changedTerms, readLimits, UNRESTRICTED } from './key-fields';
import { keyEntry, type KeyEntry, type KeyIndex } from './key-index';
import { KeyMeter } from './key-meter';
import { termsColumns } from './key-row';
import { newSecret } from './key-secret';
import type { KeysStore } from './keys-store';
import { carryOut, plannedRows, planLimits } from './limit-plan';
import type { UsageWriter, UsageWriterOptions } from './usage-writer';

export interface KeyChangesOptions {
  readonly index: KeyIndex;
  readonly store: KeysStore;
  readonly transaction: UsageWriterOptions['transaction'];
  readonly writer: UsageWriter;
  readonly now: () => number;
  /** Whether there is an account with this id. */
  readonly isAccount: (id: string) => boolean;
}

export interface KeyAndSecret {
  readonly entry: KeyEntry;
  readonly secret: string;
}

const NOTHING_USED = { requests: 0, inputTokens: 0, outputTokens: 0, totalTokens: 0, costMicroUsd: 0 };

export class KeyChanges {
  readonly #options: KeyChangesOptions;
  /** A change sees what the one before it has made. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: KeyChangesOptions) {
    this.#options = options;
  }

  /** @throws TightropeError `invalid_api_key_payload` */
  create(creation: ApiKeyCreation): Promise<KeyAndSecret> {
    return this.#inTurn(async () => {
      const { index, store, transaction, now, isAccount } = this.#options;
      const terms = changedTerms({ ...UNRESTRICTED, name: '' }, creation, isAccount);
      const nowMs = now();
      const plan = planLimits(readLimits(creation.limits ?? []), [], nowMs);
      const { secret, hash, prefix } = newSecret();
      const row = {
        id: uuidv7(),
        key_hash: hash,
        key_prefix: prefix,
        ...termsColumns(terms),
        created_at_ms: nowMs,
        updated_at_ms: nowMs,
      };
      await transaction(async (trx) => {
        await store.insert(trx, row);
        await store.replaceLimits(trx, row.id, plannedRows(row.id, plan, nowMs));
      });
      const meter = new KeyMeter(carryOut(plan), NOTHING_USED, null);
      const entry = keyEntry({ id: row.id, hash, prefix, createdAtMs: nowMs, terms, meter });
      index.put(entry);
      return { entry, secret };
    });
  }

  /** @throws TightropeError `invalid_api_key_payload`, `api_key_not_found` */
  change(id: string, change: ApiKeyChange): Promise<KeyEntry> {
    return this.#inTurn(async () => {
      const { index, store, transaction, writer, now, isAccount } = this.#options;
      const before = this.#known(id);
      const { meter } = before;
      const terms = changedTerms(before.terms, change, isAccount);
      const nowMs = now();
      const plan =
        change.limits === undefined ? null : planLimits(readLimits(change.limits ?? []), meter.counters, nowMs);
      await transaction(async (trx) => {
        await store.change(trx, id, { ...termsColumns(terms), updated_at_ms: nowMs });
        if (plan !== null) await store.replaceLimits(trx, id, plannedRows(id, plan, nowMs));
      });
      if (plan !== null) meter.replaceCounters(carryOut(plan));
      const entry = keyEntry({ ...before, terms });
      index.put(entry);
      // What was counted during the transaction belongs to limits that it has just written.
      writer.changed(id, meter);
      return entry;
    });
  }

  /** @throws TightropeError `api_key_not_found` */
  regenerate(id: string): Promise<KeyAndSecret> {
    return this.#inTurn(async () => {
      const { index, store, transaction, now } = this.#options;
      const before = this.#known(id);
      const { secret, hash, prefix } = newSecret();
      await transaction((trx) => store.change(trx, id, { key_hash: hash, key_prefix: prefix, updated_at_ms: now() }));
      const entry: KeyEntry = { ...before, hash, prefix };
      index.put(entry);
      return { entry, secret };
    });
  }

  /** @throws TightropeError `api_key_not_found` */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#known(id);
      await this.#options.transaction((trx) => this.#options.store.remove(trx, id));
      this.#options.index.remove(id);
    });
  }

  #known(id: string): KeyEntry {
    const entry = this.#options.index.get(id);
    if (entry === undefined) throw new TightropeError('api_key_not_found');
    return entry;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined); // the caller gets the error; the next change starts afresh
    return done;
  }
}
