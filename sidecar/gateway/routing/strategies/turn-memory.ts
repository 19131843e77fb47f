/** What strategies remember between two selections: whose turn was when, who is being drained, who has credit. In memory only. */

const FIRST_SLOTS = 64;

/** Figures are kept by the candidates' slots. */
export class TurnMemory {
  /** The account that `drain_hop` stays with. */
  currentId: string | null = null;
  #lastTurn = new Float64Array(FIRST_SLOTS);
  #credits = new Float64Array(FIRST_SLOTS);
  #turn = 0;

  /** Notes that this account got a turn. */
  took(slot: number): void {
    this.#makeRoom(slot);
    this.#turn += 1;
    this.#lastTurn[slot] = this.#turn;
  }

  /** How many turns ago this account had its last one; one who never had any has waited longest of all. */
  turnsSince(slot: number): number {
    return this.#turn + 1 - (this.#lastTurn[slot] ?? 0);
  }

  /** What this account is owed by `weighted_round_robin`. */
  credit(slot: number): number {
    return this.#credits[slot] ?? 0;
  }

  setCredit(slot: number, credit: number): void {
    this.#makeRoom(slot);
    this.#credits[slot] = credit;
  }

  /** The account of this slot has left; the slot may be given to another. */
  forget(slot: number): void {
    if (slot >= this.#lastTurn.length) return;
    this.#lastTurn[slot] = 0;
    this.#credits[slot] = 0;
  }

  #makeRoom(slot: number): void {
    if (slot < this.#lastTurn.length) return;
    const size = Math.max(slot + 1, this.#lastTurn.length * 2);
    this.#lastTurn = grown(this.#lastTurn, size);
    this.#credits = grown(this.#credits, size);
  }
}

function grown(old: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(size);
  larger.set(old);
  return larger;
}
