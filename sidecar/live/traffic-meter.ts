/**
 * Bytes per account since the process started. Nothing is counted while bytes flow: the records of the open turns carry
 * their totals anyway, and are looked at now and then.
 */
import type { AccountTraffic } from '../contract/live';
import type { TurnRecord } from '../contract/turn-record';

/** What a turn says about its bytes. */
export type TurnBytes = Pick<TurnRecord, 'id' | 'accountId' | 'bytesUp' | 'bytesDown'>;

type Totals = { -readonly [Name in keyof AccountTraffic]: AccountTraffic[Name] };

interface Counted {
  up: number;
  down: number;
}

export class TrafficMeter {
  readonly #accounts = new Map<string, Totals>();
  /** What is in the totals already, by open turn. */
  readonly #counted = new Map<string, Counted>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Adds what has come since the last look; a turn that moved counts for the account that serves it now. */
  look(openTurns: Iterable<TurnBytes>): void {
    for (const turn of openTurns) {
      const counted = this.#counted.get(turn.id) ?? { up: 0, down: 0 };
      if (!this.#add(turn, counted)) continue;
      counted.up = turn.bytesUp;
      counted.down = turn.bytesDown;
      this.#counted.set(turn.id, counted);
    }
  }

  /** Adds the rest of a turn that has ended. */
  close(turn: TurnBytes): void {
    const counted = this.#counted.get(turn.id);
    this.#counted.delete(turn.id);
    this.#add(turn, counted ?? { up: 0, down: 0 });
  }

  /** Sorted by account id. */
  totals(): readonly AccountTraffic[] {
    return [...this.#accounts.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1)).map((one) => ({ ...one }));
  }

  #add({ accountId, bytesUp, bytesDown }: TurnBytes, counted: Counted): boolean {
    const up = bytesUp - counted.up;
    const down = bytesDown - counted.down;
    if (accountId === null || (up <= 0 && down <= 0)) return false;
    const totals = this.#accounts.get(accountId) ?? {
      accountId,
      upBytes: 0,
      downBytes: 0,
      lastUpAtMs: 0,
      lastDownAtMs: 0,
    };
    this.#accounts.set(accountId, totals);
    const now = this.#now();
    if (up > 0) {
      totals.upBytes += up;
      totals.lastUpAtMs = now;
    }
    if (down > 0) {
      totals.downBytes += down;
      totals.lastDownAtMs = now;
    }
    return true;
  }
}
