/** How many token requests run at once, over all accounts: single flight is judged by this. */
export class RefreshCounter {
  /** Token requests received. */
  total = 0;
  inFlight = 0;
  maxInFlight = 0;

  enter(): void {
    this.total += 1;
    this.inFlight += 1;
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
  }

  leave(): void {
    this.inFlight -= 1;
  }
}
