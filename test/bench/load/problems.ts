/** What went wrong under load: all of it counted, some of it quoted. */

/** Counts by kind. */
export type Problems = Readonly<Record<string, number>>;

/** Kinds kept apart; more are counted together. */
const MAX_KINDS = 20;

export class ProblemCount {
  #kinds: Record<string, number> = {};

  note(problem: string): void {
    const kind = problem in this.#kinds || Object.keys(this.#kinds).length < MAX_KINDS ? problem : 'others';
    this.#kinds[kind] = (this.#kinds[kind] ?? 0) + 1;
  }

  /** Hands over what was counted and starts again. */
  take(): Problems {
    const kinds = this.#kinds;
    this.#kinds = {};
    return kinds;
  }
}

/** All problems of all kinds. */
export function problemTotal(problems: Problems): number {
  return Object.values(problems).reduce((sum, count) => sum + count, 0);
}
