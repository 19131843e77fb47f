/** Rows that wait to be written: a bounded first-in first-out ring that drops its oldest when the disk stalls. */

const FIRST_CAPACITY = 128;

/**
 * Rows leave in the order they came. A batch that is being written stays in the ring until its outcome is known, so a
 * failed one is simply tried again.
 */
export class RowBacklog {
  private slots: (object | undefined)[] = new Array<object | undefined>(FIRST_CAPACITY);
  private head = 0;
  private count = 0;
  private inBatch = 0;
  /** Rows pushed out at the head since the batch began; the first `inBatch` of them are in the batch's hands. */
  private evicted = 0;
  private lost = 0;
  private accepted = 0;
  private finished = 0;

  /** @param limit rows kept at most */
  constructor(private readonly limit: number) {}

  /** Rows waiting, those of the batch in flight included. */
  get size(): number {
    return this.count;
  }

  /** Rows that no batch has begun to write. */
  get waiting(): number {
    return this.count - Math.max(0, this.inBatch - this.evicted);
  }

  /** Rows ever pushed. The row pushed last has this number. */
  get pushed(): number {
    return this.accepted;
  }

  /** Number of the last row up to which every one is written or given up. */
  get settled(): number {
    return this.finished;
  }

  /** Rows given up, ever. */
  get dropped(): number {
    return this.lost + Math.max(0, this.evicted - this.inBatch);
  }

  /** Adds a row; at the limit the oldest one goes. */
  push(row: object): void {
    this.accepted += 1;
    if (this.count === this.limit) this.evict();
    else if (this.count === this.slots.length) this.grow();
    this.slots[(this.head + this.count) % this.slots.length] = row;
    this.count += 1;
  }

  /** Starts a batch of the oldest rows, at most `max`. One batch at a time: end it with `written` or `failed`. */
  begin(max: number): object[] {
    const rows: object[] = [];
    const wanted = Math.min(max, this.count);
    for (let i = 0; i < wanted; i += 1) {
      const row = this.slots[(this.head + i) % this.slots.length];
      if (row !== undefined) rows.push(row);
    }
    this.inBatch = rows.length;
    return rows;
  }

  /** The batch is in the table, but for `rejected` rows that the table does not take. */
  written(rejected: number): void {
    const still = Math.max(0, this.inBatch - this.evicted);
    for (let i = 0; i < still; i += 1) this.shift();
    this.lost += rejected + Math.max(0, this.evicted - this.inBatch);
    this.finished += Math.max(this.inBatch, this.evicted);
    this.inBatch = 0;
    this.evicted = 0;
  }

  /** The batch was not written. Its rows stay the next ones, but for those pushed out meanwhile. */
  failed(): void {
    this.lost += this.evicted;
    this.finished += this.evicted;
    this.inBatch = 0;
    this.evicted = 0;
  }

  private evict(): void {
    this.shift();
    if (this.inBatch > 0) {
      this.evicted += 1;
    } else {
      this.lost += 1;
      this.finished += 1;
    }
  }

  private shift(): void {
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) % this.slots.length;
    this.count -= 1;
  }

  private grow(): void {
    const slots = new Array<object | undefined>(Math.min(this.limit, this.slots.length * 2));
    for (let i = 0; i < this.count; i += 1) slots[i] = this.slots[(this.head + i) % this.slots.length];
    this.slots = slots;
    this.head = 0;
  }
}
