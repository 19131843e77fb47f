/**
 * The limits of all accounts in memory: takes what upstream says wherever it says it, and answers who may serve. Nothing
 * here waits for anything, and no message of upstream can make it throw.
 */
import type { AccountLimits } from './account-limits';
import { AccountRecord } from './account-record';
import { HeaderReader } from './header-report';
import { parseJson } from './json-fields';
import { readEvent, readUsage } from './json-report';
import { limitCodeOf, withRefusal, type LimitError } from './limit-error';
import { ACCOUNT_FAMILY, gatedModels, isGated } from './limit-families';
import { readPlan, type QuotaReport } from './quota-report';
import {
  EMPTY_SNAPSHOT,
  familyOf,
  notAfter,
  withChangedFamily,
  withReport,
  type QuotaSnapshot,
} from './quota-snapshot';
import { judge, verdictAt, type Judgement, type LimitedVerdict, type QuotaVerdict } from './quota-verdict';

/** What changed for an account; `previousPlan` as it was known here. */
export interface BookNews {
  planSeen(accountId: string, planType: string, previousPlan: string | null): void;
  limitLifted(accountId: string): void;
  /** The account's own limit ends earlier than was said before, at `untilMs` (UTC ms). */
  limitShortened(accountId: string, untilMs: number): void;
  /** A turn was refused: it is worth asking upstream soon. */
  refused(accountId: string): void;
}

/** Where an error came from. */
export interface ErrorContext {
  /** Flat header list of the answer, empty when there is none. */
  readonly headers: readonly string[];
  readonly model: string | null;
}

/** What a refusal is about: everything the account serves, or the models of one further limit. */
export type RefusedScope = 'account' | 'model';

/** Two words about one end differ by less than this, ms. */
const SAME_END_MS = 30_000;
/** Headers that say nothing new are read again after this, ms, so that the time of observation stays true. */
const REREAD_MS = 2000;
/** Stamps this far ahead of the clock mean that the clock was set back, ms. */
const CLOCK_SET_BACK_MS = 5000;
/** The largest `codex.rate_limits` event worth reading, bytes or UTF-16 units. */
const MAX_EVENT_SIZE = 65_536;
const UNKNOWN: QuotaVerdict = Object.freeze({ kind: 'unknown' });

export class QuotaBook {
  readonly #news: BookNews;
  readonly #reader = new HeaderReader();
  readonly #records = new Map<string, AccountRecord>();
  readonly #unjudged = judge(EMPTY_SNAPSHOT);
  #changed = new Set<string>();

  constructor(news: BookNews) {
    this.#news = news;
  }

  /** Headers of an upstream answer, flat `name, value, …`. */
  noteHeaders(accountId: string, rawHeaders: readonly string[], nowMs: number): void {
    const record = this.#recordOf(accountId);
    const hasNews = this.#reader.hasNews(rawHeaders, record.headers);
    const ageMs = nowMs - record.headersAtMs;
    if (!hasNews && record.headersRevision === record.revision && ageMs >= 0 && ageMs < REREAD_MS) return;
    const report = this.#reader.read(rawHeaders, nowMs);
    if (report === null) return;
    this.#apply(accountId, record, report);
    record.headersAtMs = nowMs;
    record.headersRevision = record.revision;
  }

  /** The data of a `codex.rate_limits` event. */
  noteEvent(accountId: string, data: string | Buffer, nowMs: number): void {
    if (data.length > MAX_EVENT_SIZE) return;
    const text = typeof data === 'string' ? data : data.toString('utf8');
    const report = readEvent(parseJson(text), nowMs);
    if (report === null) return;
    const record = this.#recordOf(accountId);
    record.keepRaw('event', text, nowMs);
    this.#apply(accountId, record, report);
  }

  /** The answer of `/wham/usage`. Returns whether it could be read. */
  noteUsage(accountId: string, text: string, nowMs: number): boolean {
    const report = readUsage(parseJson(text), nowMs);
    if (report === null) return false;
    const record = this.#recordOf(accountId);
    record.keepRaw('poll', text, nowMs);
    this.#apply(accountId, record, report);
    return true;
  }

  /** A failed turn; errors that are not about limits only give their headers. */
  noteError(accountId: string, error: LimitError, context: ErrorContext, nowMs: number): RefusedScope | null {
    this.noteHeaders(accountId, context.headers, nowMs);
    const code = limitCodeOf(error);
    if (code === null) return null;
    const record = this.#recordOf(accountId);
    record.keepRaw('error', JSON.stringify({ ...error, model: context.model }), nowMs);
    const snapshot = snapshotBefore(record, nowMs);
    const charged = this.#refusedFamily(snapshot, context);
    const refused = withRefusal(snapshot, charged, error, code, nowMs);
    this.#replace(accountId, record, withDependence(refused, charged, context.model), nowMs);
    this.#planSeen(accountId, record, readPlan(error.planType), nowMs);
    this.#news.refused(accountId);
    return charged === ACCOUNT_FAMILY ? 'account' : 'model';
  }

  /** Whether the account's limits let it serve a model now. `null` = any model without a limit of its own. */
  verdict(accountId: string, model: string | null, nowMs: number): QuotaVerdict {
    const record = this.#records.get(accountId);
    return record === undefined ? UNKNOWN : verdictAt(record.judgement, model, nowMs);
  }

  snapshot(accountId: string): QuotaSnapshot {
    return this.#records.get(accountId)?.snapshot ?? EMPTY_SNAPSHOT;
  }

  /** `undefined` = nothing was ever said about this account. */
  record(accountId: string): AccountRecord | undefined {
    return this.#records.get(accountId);
  }

  /** The account's limits for as long as it is known. */
  limitsOf(accountId: string): AccountLimits {
    return this.#recordOf(accountId).limits;
  }

  judgement(accountId: string): Judgement {
    return this.#records.get(accountId)?.judgement ?? this.#unjudged;
  }

  accountIds(): string[] {
    return [...this.#records.keys()];
  }

  /** What an earlier process knew. */
  restore(accountId: string, snapshot: QuotaSnapshot, nowMs: number): void {
    const record = this.#recordOf(accountId);
    record.replace(notAfter(snapshot, nowMs));
    record.newestAtMs = nowMs;
  }

  forget(accountId: string): void {
    this.#records.delete(accountId);
    this.#changed.delete(accountId);
  }

  /** The accounts that changed since the last call. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed;
    this.#changed = new Set();
    return changed;
  }

  /** Accounts whose changes could not be stored. */
  putBack(accountIds: Iterable<string>): void {
    for (const id of accountIds) if (this.#records.has(id)) this.#changed.add(id);
  }

  #recordOf(accountId: string): AccountRecord {
    const held = this.#records.get(accountId);
    if (held !== undefined) return held;
    const record = new AccountRecord();
    this.#records.set(accountId, record);
    return record;
  }

  #apply(accountId: string, record: AccountRecord, report: QuotaReport): void {
    const nowMs = report.observedAtMs;
    const previousPlan = record.snapshot.plan?.value ?? null;
    const before = verdictAt(record.judgement, null, nowMs);
    this.#replace(accountId, record, withReport(snapshotBefore(record, nowMs), report), nowMs);
    const plan = record.snapshot.plan?.value ?? null;
    if (plan !== null && plan !== previousPlan) this.#news.planSeen(accountId, plan, previousPlan);
    if (before.kind === 'limited') this.#compare(accountId, before, verdictAt(record.judgement, null, nowMs));
  }

  #compare(accountId: string, before: LimitedVerdict, now: QuotaVerdict): void {
    if (now.kind !== 'limited') this.#news.limitLifted(accountId);
    else if (now.untilMs < before.untilMs - SAME_END_MS) this.#news.limitShortened(accountId, now.untilMs);
  }

  /** A plan that an error body names. */
  #planSeen(accountId: string, record: AccountRecord, planType: string | null, nowMs: number): void {
    if (planType === null) return;
    const report = { source: 'error', observedAtMs: nowMs, planType, credits: null } as const;
    this.#apply(accountId, record, { ...report, spendingStopped: null, families: [], complete: false });
  }

  #replace(accountId: string, record: AccountRecord, snapshot: QuotaSnapshot, nowMs: number): void {
    record.replace(snapshot);
    record.newestAtMs = nowMs;
    this.#changed.add(accountId);
  }

  /** Headers name the limit that refused; without them a model's own limit is the nearest guess. */
  #refusedFamily(snapshot: QuotaSnapshot, { headers, model }: ErrorContext): string {
    return this.#reader.charged(headers) ?? ownFamilyOf(snapshot, model) ?? ACCOUNT_FAMILY;
  }
}

/** What was said before now, also when the clock was set back since. */
function snapshotBefore({ snapshot, newestAtMs }: AccountRecord, nowMs: number): QuotaSnapshot {
  return newestAtMs > nowMs + CLOCK_SET_BACK_MS ? notAfter(snapshot, nowMs - 1) : snapshot;
}

/** The known limit of which a model has its own. */
function ownFamilyOf(snapshot: QuotaSnapshot, model: string | null): string | null {
  if (model === null) return null;
  const own = snapshot.families.find(({ id, name }) =>
    gatedModels(id, name?.value ?? null).some((prefix) => isGated(model, prefix)),
  );
  return own?.id ?? null;
}

/** A model with a limit of its own was refused for the account's: from now on it needs both. */
function withDependence(snapshot: QuotaSnapshot, refused: string, model: string | null): QuotaSnapshot {
  if (refused !== ACCOUNT_FAMILY) return snapshot;
  const own = familyOf(snapshot, ownFamilyOf(snapshot, model) ?? '');
  return own === undefined ? snapshot : withChangedFamily(snapshot, { ...own, needsAccount: true });
}
