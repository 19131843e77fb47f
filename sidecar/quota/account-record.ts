/** What the process holds of one account: the snapshot, its judgement, and upstream's last words for people to look at. */
import type { QuotaSource, RawReading } from '../contract/quota';
import { redactFacts, redactText } from '../platform/redact';
import { AccountLimits, type KnownLimits } from './account-limits';
import { HeaderMemory } from './header-report';
import { isFields, parseJson } from './json-fields';
import { EMPTY_SNAPSHOT, type QuotaSnapshot } from './quota-snapshot';
import { judge, type Judgement } from './quota-verdict';

interface RawText {
  readonly atMs: number;
  readonly text: string;
}

/** Kept of one message, UTF-16 units. */
const MAX_RAW_CHARS = 16_384;

export class AccountRecord implements KnownLimits {
  readonly limits = new AccountLimits(this);
  /** The limits that the last headers spoke of. */
  readonly headers = new HeaderMemory();
  /** UTC ms of the last headers that were read. */
  headersAtMs = -Infinity;
  /** `revision` after they were read. */
  headersRevision = -1;
  /** Grows with every change. */
  revision = 0;
  /** UTC ms of the newest message. */
  newestAtMs = -Infinity;
  #snapshot: QuotaSnapshot = EMPTY_SNAPSHOT;
  #judgement: Judgement = judge(EMPTY_SNAPSHOT);
  readonly #raw = new Map<QuotaSource, RawText>();

  get snapshot(): QuotaSnapshot {
    return this.#snapshot;
  }

  get judgement(): Judgement {
    return this.#judgement;
  }

  replace(snapshot: QuotaSnapshot): void {
    this.#snapshot = snapshot;
    this.#judgement = judge(snapshot);
    this.revision += 1;
  }

  /** Keeps a message as it came, cut to a bound. */
  keepRaw(source: QuotaSource, text: string, atMs: number): void {
    this.#raw.set(source, { atMs, text: text.slice(0, MAX_RAW_CHARS) });
  }

  /** Upstream's last words by source, without secrets. */
  raw(): RawReading[] {
    const readings: RawReading[] = [];
    if (this.headersAtMs > -Infinity && this.headers.roles.length > 0) {
      const value = redactFacts(Object.fromEntries(this.headers.pairs()));
      readings.push({ source: 'headers', observedAtMs: this.headersAtMs, value });
    }
    for (const [source, { atMs, text }] of this.#raw) {
      const parsed = parseJson(text);
      const value = isFields(parsed) ? redactFacts(parsed) : redactText(text);
      readings.push({ source, observedAtMs: atMs, value });
    }
    return readings;
  }
}
