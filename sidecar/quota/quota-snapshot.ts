/**
 * What is known of an account's limits, as an immutable value that is replaced whole. Of every figure the newest
 * observation stands, in whatever order the observations come in.
 */
import type { QuotaSource, WindowClass } from '../contract/quota';
import type { CreditsFacts, FamilyReport, QuotaReport, WindowFacts } from './quota-report';
import { ACCOUNT_FAMILY } from './limit-families';
import { WINDOW_CLASSES } from './window-class';

export interface WindowReading extends WindowFacts {
  readonly source: QuotaSource;
  /** UTC ms. */
  readonly observedAtMs: number;
}

/** A value with who said it and when (UTC ms). */
export interface Stamped<T> {
  readonly value: T;
  readonly source: QuotaSource;
  readonly atMs: number;
}

/** Upstream refused a turn because this limit was reached. */
export interface Refusal {
  readonly atMs: number;
  /** UTC ms, `null` = it did not say. */
  readonly untilMs: number | null;
  /** The window it is about, `null` = not known. */
  readonly class: WindowClass | null;
  readonly code: string;
}

export interface FamilySnapshot {
  readonly id: string;
  /** Upstream's `limit_name`. */
  readonly name: Stamped<string> | null;
  /** At most one of each class, in the order of `WINDOW_CLASSES`. */
  readonly windows: readonly WindowReading[];
  /** Classes that are not among `windows` are known not to exist since then, UTC ms; -1 = never said. */
  readonly completeAtMs: number;
  /** Upstream's own flag; its value is `null` when the newest message had none. */
  readonly reached: Stamped<boolean | null> | null;
  readonly refusal: Refusal | null;
  /** Turns of this family's models were refused for the account's own limit: then both count. */
  readonly needsAccount: boolean;
}

export interface QuotaSnapshot {
  readonly plan: Stamped<string> | null;
  readonly credits: Stamped<CreditsFacts> | null;
  readonly spendingStopped: Stamped<boolean> | null;
  /** The account's own limit first, then by id. */
  readonly families: readonly FamilySnapshot[];
  /** Families that are not listed are known not to exist since then, UTC ms; -1 = never said. */
  readonly completeAtMs: number;
}

/** Nothing is known. */
export const EMPTY_SNAPSHOT: QuotaSnapshot = Object.freeze({
  plan: null,
  credits: null,
  spendingStopped: null,
  families: Object.freeze([]),
  completeAtMs: -1,
});

/** Which of two words of the same millisecond counts: the closer to an actual turn, the more. */
const RANK: Readonly<Record<QuotaSource, number>> = { poll: 0, headers: 1, event: 2, error: 3 };

/** The snapshot with what a message says. */
export function withReport(snapshot: QuotaSnapshot, report: QuotaReport): QuotaSnapshot {
  const { source, observedAtMs } = report;
  const stamp = <T>(value: T | null): Stamped<T> | null =>
    value === null ? null : { value, source, atMs: observedAtMs };
  const completeAtMs = report.complete ? Math.max(snapshot.completeAtMs, observedAtMs) : snapshot.completeAtMs;
  const reports = new Map(report.families.map((family) => [family.id, family]));
  const ids = new Set([...snapshot.families.map(({ id }) => id), ...reports.keys()]);
  const families: FamilySnapshot[] = [];
  for (const id of ids) {
    const known = familyOf(snapshot, id) ?? emptyFamily(id);
    const said = reports.get(id);
    const merged = trimmed(said === undefined ? known : withFamily(known, said, report), completeAtMs);
    if (isKnown(merged)) families.push(merged);
  }
  return Object.freeze({
    plan: newest(snapshot.plan, stamp(report.planType)),
    credits: newest(snapshot.credits, stamp(report.credits)),
    spendingStopped: newest(snapshot.spendingStopped, stamp(report.spendingStopped)),
    families: Object.freeze(families.sort(byId)),
    completeAtMs,
  });
}

/** The snapshot with one family changed or added. */
export function withChangedFamily(snapshot: QuotaSnapshot, family: FamilySnapshot): QuotaSnapshot {
  const others = snapshot.families.filter(({ id }) => id !== family.id);
  return Object.freeze({ ...snapshot, families: Object.freeze([...others, family].sort(byId)) });
}

export function familyOf(snapshot: QuotaSnapshot, id: string): FamilySnapshot | undefined {
  return snapshot.families.find((family) => family.id === id);
}

/** A family of which nothing is known. */
export function emptyFamily(id: string): FamilySnapshot {
  return { id, name: null, windows: [], completeAtMs: -1, reached: null, refusal: null, needsAccount: false };
}

/** The windows with one of them replaced, unless the present one of its class is newer. */
export function withWindow(windows: readonly WindowReading[], reading: WindowReading): readonly WindowReading[] {
  const held = windows.find((window) => window.class === reading.class);
  if (held !== undefined && !isNewer(reading, held)) return windows;
  const others = windows.filter((window) => window.class !== reading.class);
  return [...others, reading].sort((a, b) => WINDOW_CLASSES.indexOf(a.class) - WINDOW_CLASSES.indexOf(b.class));
}

function withFamily(known: FamilySnapshot, said: FamilyReport, { source, observedAtMs }: QuotaReport): FamilySnapshot {
  const stamp = <T>(value: T): Stamped<T> => ({ value, source, atMs: observedAtMs });
  let { windows } = known;
  for (const facts of said.windows) windows = withWindow(windows, { ...facts, source, observedAtMs });
  return {
    ...known,
    name: newest(known.name, said.name === null ? null : stamp(said.name)),
    windows,
    reached: newest(known.reached, stamp(said.reached)),
    completeAtMs: said.complete ? Math.max(known.completeAtMs, observedAtMs) : known.completeAtMs,
  };
}

/** Leaves out what a newer complete message did not mention any more. */
function trimmed(family: FamilySnapshot, allCompleteAtMs: number): FamilySnapshot {
  const floorMs = Math.max(family.completeAtMs, allCompleteAtMs);
  const windows = family.windows.filter((window) => window.observedAtMs >= floorMs);
  const since = <T>(stamped: Stamped<T> | null): Stamped<T> | null =>
    stamped !== null && stamped.atMs < allCompleteAtMs ? null : stamped;
  const { name, reached } = family;
  return Object.freeze({
    ...family,
    name: since(name),
    windows: Object.freeze(windows),
    reached: since(reached),
    completeAtMs: floorMs,
  });
}

function isKnown({ windows, reached, refusal, needsAccount, id }: FamilySnapshot): boolean {
  return id === ACCOUNT_FAMILY || windows.length > 0 || reached !== null || refusal !== null || needsAccount;
}

function isNewer(a: WindowReading, b: WindowReading): boolean {
  return (
    (a.observedAtMs - b.observedAtMs ||
      RANK[a.source] - RANK[b.source] ||
      a.usedPercent - b.usedPercent ||
      (a.resetAtMs ?? -1) - (b.resetAtMs ?? -1) ||
      (a.windowSeconds ?? -1) - (b.windowSeconds ?? -1)) > 0
  );
}

/** The newer of two; of one moment the closer to a turn, then any fixed one of the two. */
function newest<T>(held: Stamped<T> | null, said: Stamped<T> | null): Stamped<T> | null {
  if (held === null || said === null) return held ?? said;
  const order = said.atMs - held.atMs || RANK[said.source] - RANK[held.source];
  if (order !== 0) return order > 0 ? said : held;
  return JSON.stringify(said.value) > JSON.stringify(held.value) ? said : held;
}

/**
 * The snapshot with no time of observation after `nowMs`: when the clock was set back, what is said from now on must not
 * count as older than what was said before.
 */
export function notAfter(snapshot: QuotaSnapshot, nowMs: number): QuotaSnapshot {
  const clamp = (atMs: number): number => Math.min(atMs, nowMs);
  const stamped = <T>(value: Stamped<T> | null): Stamped<T> | null =>
    value === null ? null : { ...value, atMs: clamp(value.atMs) };
  const families = snapshot.families.map((family) =>
    Object.freeze({
      ...family,
      name: stamped(family.name),
      windows: family.windows.map((window) => ({ ...window, observedAtMs: clamp(window.observedAtMs) })),
      completeAtMs: clamp(family.completeAtMs),
      reached: stamped(family.reached),
      refusal: family.refusal === null ? null : { ...family.refusal, atMs: clamp(family.refusal.atMs) },
    }),
  );
  return Object.freeze({
    plan: stamped(snapshot.plan),
    credits: stamped(snapshot.credits),
    spendingStopped: stamped(snapshot.spendingStopped),
    families: Object.freeze(families),
    completeAtMs: clamp(snapshot.completeAtMs),
  });
}

function byId(a: FamilySnapshot, b: FamilySnapshot): number {
  if (a.id === ACCOUNT_FAMILY || b.id === ACCOUNT_FAMILY) return a.id === ACCOUNT_FAMILY ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
