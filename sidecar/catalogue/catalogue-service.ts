/**
 * The models of the pool: the union of every account's upstream catalogue, kept five minutes, stale rather than absent,
 * and a built-in floor before the first answer (codex-wire 2.8; spec/proxy.md 12.4).
 */
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import type { ClientVersions } from './client-version';
import { checkEntries, type ModelList, uniteModels } from './model-list';
import type { FetchModels, ModelsAnswer } from './upstream-models';
import { waitAtMost } from './wait-at-most';

/** A login as the catalogue needs it. */
export interface CatalogueAccount {
  readonly id: string;
  readonly chatgptAccountId: string | null;
}

/** The part of the account pool that the catalogue uses. */
export interface CatalogueAccounts {
  usable(nowMs: number): readonly CatalogueAccount[];
  accessToken(accountId: string, signal: AbortSignal): Promise<string>;
  /** A token other than `rejected`. */
  replaceToken(accountId: string, rejected: string, signal: AbortSignal): Promise<string>;
}

/** What is answered, and where it comes from: `floor` = no upstream list was ever read. */
export interface ModelCatalogue extends ModelList {
  readonly source: 'upstream' | 'floor';
}

export interface CatalogueOptions {
  readonly accounts: CatalogueAccounts;
  readonly fetchModels: FetchModels;
  readonly versions: ClientVersions;
  readonly floor: ModelList;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Bound in ms of one account's fetch with its token work. @default 15000 */
  readonly fetchTimeoutMs?: number;
  /** How long a caller waits in ms when there is no upstream list yet. @default 4000: Codex gives up after 5 s */
  readonly waitWithoutListMs?: number;
  /** How long a caller waits in ms when a stale list could be answered. @default 1000 */
  readonly waitWithListMs?: number;
}

const FRESH_MS = 5 * 60_000;
const RETRY_AFTER_FAILURE_MS = 30_000;
/** An account that is out of rotation still counts this long, so that a short limit does not change the list. */
const KEEP_ABSENT_MS = 60 * 60_000;
const PARALLEL_FETCHES = 4;

interface AccountList {
  readonly models: ModelList['models'] | null;
  readonly etag: string | null;
  /** `client_version` the list was asked with. */
  readonly version: string;
  readonly fetchedAtMs: number;
  readonly dueAtMs: number;
}

export class CatalogueService {
  readonly #options: CatalogueOptions;
  readonly #lists = new Map<string, AccountList>();
  readonly #stopped = new AbortController();
  #current: ModelCatalogue;
  #round: Promise<void> | null = null;

  constructor(options: CatalogueOptions) {
    this.#options = options;
    this.#current = { ...options.floor, source: 'floor' };
  }

  /** Tells which client is in use. Cheap enough for every request. */
  noteClientVersion(userAgent: string | undefined): void {
    this.#options.versions.noteUserAgent(userAgent);
  }

  /**
   * The list now. Waits for a due refresh, but only for a moment: a stale list or the floor is better than a client that
   * gives up. Never rejects.
   *
   * @param clientVersion what the client named in its query.
   * @param signal ends the wait.
   */
  async catalogue(clientVersion: string | undefined, signal: AbortSignal): Promise<ModelCatalogue> {
    this.#options.versions.noteQuery(clientVersion);
    const due = this.#due();
    if (due.length > 0 && !this.#stopped.signal.aborted) {
      this.#round ??= this.#refresh(due).finally(() => (this.#round = null));
      const { waitWithListMs = 1_000, waitWithoutListMs = 4_000 } = this.#options;
      await waitAtMost(this.#round, this.#current.source === 'floor' ? waitWithoutListMs : waitWithListMs, signal);
    }
    return this.#current;
  }

  /** The models as they are known now, without a wait. */
  known(): ModelList['models'] {
    return this.#current.models;
  }

  /** Ends running fetches. */
  async stop(): Promise<void> {
    this.#stopped.abort(new TightropeError('shutting_down'));
    await this.#round;
  }

  #due(): CatalogueAccount[] {
    const now = this.#options.clock.now();
    const version = this.#options.versions.current();
    return this.#options.accounts.usable(now).filter((account) => {
      const held = this.#lists.get(account.id);
      return held === undefined || held.dueAtMs <= now || held.version !== version;
    });
  }

  /** Fetches the given accounts' lists, a few at a time. Failures are logged and tried again later. */
  async #refresh(accounts: readonly CatalogueAccount[]): Promise<void> {
    const version = this.#options.versions.current();
    const queue = [...accounts];
    const work = async (): Promise<void> => {
      for (let account = queue.shift(); account !== undefined; account = queue.shift()) {
        await this.#refreshOne(account, version);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL_FETCHES, queue.length) }, work));
  }

  async #refreshOne(account: CatalogueAccount, version: string): Promise<void> {
    const held = this.#lists.get(account.id);
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(this.#options.fetchTimeoutMs ?? 15_000)]);
    try {
      const etag = held !== undefined && held.version === version ? held.etag : null;
      const list = this.#read(account, await this.#ask(account, { version, etag }, signal), held);
      const now = this.#options.clock.now();
      this.#lists.set(account.id, { ...list, version, fetchedAtMs: now, dueAtMs: now + FRESH_MS });
      this.#unite(now);
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      const now = this.#options.clock.now();
      const kept = held ?? { models: null, etag: null, fetchedAtMs: now };
      this.#lists.set(account.id, { ...kept, version, etag: null, dueAtMs: now + RETRY_AFTER_FAILURE_MS });
      this.#options.logger.warn('catalogue_fetch_failed', { accountId: account.id, reason: reasonOf(error) });
    }
  }

  /** One 401 may be an old token: it is replaced once. */
  async #ask(
    account: CatalogueAccount,
    { version, etag }: { version: string; etag: string | null },
    signal: AbortSignal,
  ): Promise<ModelsAnswer> {
    const { accounts, fetchModels } = this.#options;
    const request = { clientVersion: version, chatgptAccountId: account.chatgptAccountId, etag };
    const accessToken = await accounts.accessToken(account.id, signal);
    const answer = await fetchModels({ ...request, accessToken }, signal);
    if (answer.kind !== 'unauthorized') return answer;
    const replaced = await accounts.replaceToken(account.id, accessToken, signal);
    return fetchModels({ ...request, accessToken: replaced }, signal);
  }

  #read(
    account: CatalogueAccount,
    answer: ModelsAnswer,
    held: AccountList | undefined,
  ): Pick<AccountList, 'models' | 'etag'> {
    if (answer.kind === 'unauthorized')
      throw new TightropeError('upstream_error', { message: 'The login was refused.' });
    if (answer.kind === 'unchanged') {
      if (held === undefined || held.models === null) {
        throw new TightropeError('upstream_error', { message: 'The catalogue answered 304 to a first request.' });
      }
      return { models: held.models, etag: held.etag };
    }
    const { models, dropped } = checkEntries(answer.entries);
    if (dropped.length > 0) this.#options.logger.warn('catalogue_entries_dropped', { accountId: account.id, dropped });
    if (models.length === 0 && dropped.length > 0) {
      throw new TightropeError('upstream_error', { message: 'No entry of the catalogue could be read.' });
    }
    return { models, etag: answer.etag };
  }

  /** Puts the list together anew: accounts in the pool's order, then those out of rotation for a short while. */
  #unite(now: number): void {
    const usable = this.#options.accounts.usable(now).map((account) => account.id);
    for (const [id, list] of this.#lists) {
      if (!usable.includes(id) && list.fetchedAtMs + KEEP_ABSENT_MS < now) this.#lists.delete(id);
    }
    const order = [...new Set([...usable, ...this.#lists.keys()])];
    const united = uniteModels(order.map((id) => this.#lists.get(id)?.models ?? []));
    if (united.models.length > 0) this.#current = { ...united, source: 'upstream' };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof TightropeError
    ? `${error.code}: ${error.message}`
    : error instanceof Error
      ? error.name
      : 'unknown';
}
