/** A small pool whose upstream answers in the order that the test says. */
import { Chance } from './chance';
import { openDataPlane, ROUTE, turnOfTheLoop, type DataPlane, type DataPlaneParts } from './data-plane';
import { openExchange } from './memory-exchange';
import { ModelPool } from './model-pool';
import { ScriptedUpstream } from './scripted-upstream';
import type { Verb } from './upstream-stories';

/** One request's answer. */
export interface Told {
  readonly status: number;
  readonly body: string;
}

export class OnePool {
  readonly pool: ModelPool;
  readonly plane: DataPlane;
  readonly upstream: ScriptedUpstream;
  nowMs = Date.UTC(2026, 2, 1);
  readonly #verbs: Verb[] = [];
  #asked = 0;

  /** @param accounts `account0`, `account1` … */
  constructor(accounts: number, more: Pick<DataPlaneParts, 'rules' | 'route'> = {}) {
    const chance = new Chance(1);
    const fail = (what: unknown): never => {
      throw new Error(String(what));
    };
    this.pool = new ModelPool(
      Array.from({ length: accounts }, (_, at) => `account${String(at)}`),
      chance,
    );
    this.upstream = new ScriptedUpstream(chance, () => this.#verbs.shift() ?? 'answer', {
      onRequest: () => undefined,
      onViolation: fail,
    });
    this.plane = openDataPlane({
      pool: this.pool,
      transport: this.upstream,
      now: () => this.nowMs,
      random: chance.next,
      onDefect: fail,
      ...more,
    });
  }

  /** What upstream does to the next requests; then it answers. */
  script(...verbs: Verb[]): void {
    this.#verbs.push(...verbs);
  }

  /** Sends a body and waits for the whole answer; pauses pass at once. */
  async tell(body: object, headers: Readonly<Record<string, string>> = {}): Promise<Told> {
    this.#asked += 1;
    const requestId = `request-${String(this.#asked)}`;
    const text = JSON.stringify({ model: 'gpt-5.5', stream: true, ...body });
    const exchange = openExchange(ROUTE, { 'x-request-id': requestId, originator: 'codex_cli_rs', ...headers }, text);
    this.plane.gateway.handle(exchange.request, exchange.response);
    while (!this.plane.rows.some((row) => row.requestId === requestId)) {
      await turnOfTheLoop();
      this.upstream.step();
      this.plane.timers.advance(100);
      this.nowMs += 100;
    }
    await turnOfTheLoop();
    const { status, body: answer } = exchange.received();
    return { status, body: answer };
  }

  /** Accounts that were asked, in order. */
  get asked(): string[] {
    return this.upstream.sent.map(({ account }) => account);
  }
}
