/** Identifiers of everything that is stored: UUID version 7 (RFC 9562 section 5.7), sortable by the time of their making. */
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8 * 512;

/** `rand_a` is a counter of 12 bits; it begins below this so that there is room to count within one millisecond. */
const COUNTER_START_MASK = 0x7ff;
const COUNTER_MAX = 0xfff;

/** Turns the state of one generator into ids. Each generator is monotonic by itself. */
class Uuid7Source {
  private readonly pool = new Uint8Array(POOL_BYTES);
  private poolUsed = POOL_BYTES;
  private lastMs = -1;
  private counter = 0;

  next(nowMs: number): string {
    const start = this.take(10);
    const pool = this.pool;
    if (nowMs > this.lastMs) {
      this.lastMs = nowMs;
      this.counter = ((byteAt(pool, start) << 8) | byteAt(pool, start + 1)) & COUNTER_START_MASK;
    } else if (this.counter < COUNTER_MAX) {
      this.counter += 1;
    } else {
      // RFC 9562 section 6.2: on overflow the embedded time may run ahead of the clock.
      this.lastMs += 1;
      this.counter = 0;
    }
    const time = this.lastMs.toString(16).padStart(12, '0');
    const sequence = (0x7000 | this.counter).toString(16);
    const variant = (0x80 | (byteAt(pool, start + 2) & 0x3f)).toString(16) + hexByte(byteAt(pool, start + 3));
    let node = '';
    for (let i = 4; i < 10; i += 1) node += hexByte(byteAt(pool, start + i));
    return `${time.slice(0, 8)}-${time.slice(8)}-${sequence}-${variant}-${node}`;
  }

  /** Reserves random bytes; the pool saves a system call per id. */
  private take(bytes: number): number {
    if (this.poolUsed + bytes > POOL_BYTES) {
      randomFillSync(this.pool);
      this.poolUsed = 0;
    }
    const start = this.poolUsed;
    this.poolUsed += bytes;
    return start;
  }
}

function byteAt(pool: Uint8Array, index: number): number {
  return pool[index] ?? 0;
}

function hexByte(value: number): string {
  return value < 16 ? `0${value.toString(16)}` : value.toString(16);
}

/** The one piece of state that a process shares on purpose: ids of all services together must be in order. */
const source = new Uuid7Source();

/**
 * A new UUIDv7 in lower case. Ids made later by the same process sort after earlier ones, also within one millisecond
 * and when the clock steps back (the last time used is kept then).
 * @param nowMs UTC milliseconds; the machine's clock when left out.
 */
export function uuidv7(nowMs: number = Date.now()): string {
  return source.next(nowMs);
}
