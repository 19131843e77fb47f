/**
 * One coarse timer for thousands of streams: a wheel of slots that one interval walks. Moving a deadline, which happens for
 * every chunk of every stream, only writes a number; the wheel finds out when it gets to the timer's old slot.
 */

/** One timer. It fires at most once per arming. */
export interface CoarseTimer {
  /** Fires `delayMs` from now instead of when it was due; also arms a timer that fired or was cancelled. */
  rearm(delayMs: number): void;
  /** Does not fire any more. */
  cancel(): void;
}

/** Creates timers that share one interval. */
export interface CoarseTimers {
  /** Calls `fire` once, no earlier than `delayMs` from now and up to two ticks later. */
  arm(delayMs: number, fire: () => void): CoarseTimer;
  /** Cancels every timer for good. */
  stop(): void;
}

/** Slots of the wheel. Later deadlines wait in the furthest slot and are filed again there. */
const SLOTS = 1024;

/** Member of a slot's circular list. A slot's own head is such a link, too. */
interface Link {
  previous: Link;
  next: Link;
}

/**
 * A wheel that moves every `tickMs`. The interval runs only while timers are armed and does not keep the process alive.
 * @param tickMs 50 to 100 is right for keepalives and idle limits
 */
export function createCoarseTimers(tickMs: number): CoarseTimers {
  return new TimerWheel(tickMs);
}

class TimerWheel implements CoarseTimers {
  private readonly slots: Link[] = Array.from({ length: SLOTS }, emptyList);
  private interval: NodeJS.Timeout | null = null;
  private armed = 0;
  private stopped = false;
  /** Every slot up to this tick has been walked. */
  private walkedTick = 0;

  constructor(private readonly tickMs: number) {}

  arm(delayMs: number, fire: () => void): CoarseTimer {
    const timer = new WheelTimer(this, fire);
    timer.rearm(delayMs);
    return timer;
  }

  stop(): void {
    this.stopped = true;
    this.rest();
    for (const slot of this.slots) {
      slot.next = slot;
      slot.previous = slot;
    }
  }

  /** Puts a timer that is in no list into the slot of its deadline. */
  file(timer: WheelTimer): void {
    if (this.stopped) return;
    if (this.interval === null) this.wake();
    this.armed += 1;
    this.place(timer);
  }

  unfile(timer: WheelTimer): void {
    if (this.stopped) return;
    unlink(timer);
    this.armed -= 1;
    if (this.armed === 0) this.rest();
  }

  private place(timer: WheelTimer): void {
    const due = Math.ceil(timer.deadlineMs / this.tickMs);
    const tick = Math.min(Math.max(due, this.walkedTick + 1), this.walkedTick + SLOTS - 1);
    timer.filedMs = tick * this.tickMs;
    const slot = this.slots[tick % SLOTS];
    if (slot !== undefined) linkBefore(slot, timer);
  }

  private wake(): void {
    this.walkedTick = Math.floor(performance.now() / this.tickMs);
    this.interval = setInterval(this.walk, this.tickMs);
    this.interval.unref();
  }

  private rest(): void {
    if (this.interval !== null) clearInterval(this.interval);
    this.interval = null;
    this.armed = 0;
  }

  private readonly walk = (): void => {
    const nowMs = performance.now();
    const nowTick = Math.floor(nowMs / this.tickMs);
    // After a long stall one round visits every slot; more would visit them twice.
    const from = Math.max(this.walkedTick + 1, nowTick - SLOTS + 1);
    this.walkedTick = nowTick;
    const failures: unknown[] = [];
    for (let tick = from; tick <= nowTick; tick += 1) this.walkSlot(tick, nowMs, failures);
    // Thrown only now, so that one bad callback neither skips nor delays the others.
    if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  };

  private walkSlot(tick: number, nowMs: number, failures: unknown[]): void {
    const slot = this.slots[tick % SLOTS];
    if (slot === undefined || slot.next === slot) return;
    // Detached first: what callbacks file into this slot now belongs to the next round.
    const detached = emptyList();
    moveAll(slot, detached);
    for (let timer = detached.next; timer !== detached; timer = detached.next) {
      if (!(timer instanceof WheelTimer)) return;
      if (timer.deadlineMs > nowMs) {
        unlink(timer);
        this.place(timer);
        continue;
      }
      timer.cancel();
      try {
        timer.fire();
      } catch (error) {
        failures.push(error);
      }
    }
  }
}

class WheelTimer implements CoarseTimer, Link {
  previous: Link = this;
  next: Link = this;
  /** When it is to fire, on the clock of `performance.now()`. */
  deadlineMs = 0;
  /** When the wheel will look at it next. */
  filedMs = 0;
  private filed = false;

  constructor(
    private readonly wheel: TimerWheel,
    readonly fire: () => void,
  ) {}

  rearm(delayMs: number): void {
    this.deadlineMs = performance.now() + delayMs;
    // A later deadline waits for the wheel to come by; an earlier one would be missed.
    if (this.filed) {
      if (this.deadlineMs >= this.filedMs) return;
      this.wheel.unfile(this);
    }
    this.filed = true;
    this.wheel.file(this);
  }

  cancel(): void {
    if (!this.filed) return;
    this.filed = false;
    this.wheel.unfile(this);
  }
}

function emptyList(): Link {
  const list = {} as Link;
  list.previous = list;
  list.next = list;
  return list;
}

function linkBefore(head: Link, link: Link): void {
  link.previous = head.previous;
  link.next = head;
  head.previous.next = link;
  head.previous = link;
}

function unlink(link: Link): void {
  link.previous.next = link.next;
  link.next.previous = link.previous;
  link.previous = link;
  link.next = link;
}

function moveAll(from: Link, to: Link): void {
  to.next = from.next;
  to.previous = from.previous;
  to.next.previous = to;
  to.previous.next = to;
  from.next = from;
  from.previous = from;
}
