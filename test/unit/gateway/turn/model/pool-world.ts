/** One pool with its clients and its upstream: the whole data plane in this process, driven one random step at a time. */
import type { TurnRecord } from '../../../../../sidecar/contract/turn-record';
import { Chance } from './chance';
import { ConversationModel, type ClientTurn } from './conversation-model';
import { IDLE_MS, openDataPlane, turnOfTheLoop, type DataPlane } from './data-plane';
import { ModelPool } from './model-pool';
import { ScriptedUpstream } from './scripted-upstream';
import { FAULTS, type Verb } from './upstream-stories';

const DAY_ZERO = Date.UTC(2026, 2, 1);
const CONVERSATIONS = 4;

interface Asked {
  readonly conversation: ConversationModel;
  readonly client: ClientTurn;
}

export class PoolWorld {
  readonly violations: string[] = [];
  readonly upstream: ScriptedUpstream;
  readonly #chance: Chance;
  readonly #pool: ModelPool;
  readonly #plane: DataPlane;
  readonly #conversations: readonly ConversationModel[];
  readonly #asked = new Map<string, Asked>();
  readonly #files: string[] = [];
  #turns = 0;
  #judgedRows = 0;
  #nowMs = DAY_ZERO;

  constructor(readonly seed: number) {
    const chance = new Chance(seed);
    this.#chance = chance;
    const ids = Array.from({ length: 1 + chance.below(5) }, (_, at) => `account${String(at)}`);
    this.#pool = new ModelPool(ids, chance);
    // One world has many faults, another few; each has its own mixture.
    const faults = FAULTS.filter(() => chance.happens(0.6));
    const verbs: Verb[] = [...faults, ...Array.from({ length: 1 + chance.below(20) }, () => 'answer' as const)];
    this.upstream = new ScriptedUpstream(chance, () => chance.oneOf(verbs) ?? 'answer', {
      onRequest: (requestId) => {
        const asked = this.#asked.get(requestId);
        if (asked?.client.sawOutput === true) this.#report(`${requestId}: sent again after visible output`);
        if (asked === undefined) this.#report(`${requestId}: nobody has asked that`);
      },
      onViolation: (what) => this.#report(what),
    });
    this.#plane = openDataPlane({
      pool: this.#pool,
      transport: this.upstream,
      now: () => this.#nowMs,
      random: chance.next,
      onDefect: (thrown) => this.#report(`a defect: ${String(thrown)}`),
    });
    this.#conversations = Array.from(
      { length: CONVERSATIONS },
      (_, at) => new ConversationModel(`world${String(seed)}-thread${String(at)}`, chance),
    );
  }

  /** Records of the turns that have ended. */
  get rows(): readonly TurnRecord[] {
    return this.#plane.rows;
  }

  /** How many turns have been asked for. */
  get turns(): number {
    return this.#turns;
  }

  /** One random thing happens, and everything that follows from it at once. */
  async step(): Promise<void> {
    const chance = this.#chance;
    const lot = chance.next();
    if (lot < 0.12) this.#ask();
    else if (lot < 0.9) this.upstream.step();
    else if (lot < 0.95) this.#pass(chance.oneOf([50, 400, 20_000, 600_000]) ?? 0);
    else if (lot < 0.96) this.#leave();
    else if (lot < 0.975) this.#pool.remove(chance.oneOf(this.#pool.ids) ?? '');
    else if (lot < 0.99) this.#pool.join(chance.oneOf(this.#pool.ids) ?? '');
    else this.#files.push(this.#upload());
    await turnOfTheLoop();
    this.#judge();
  }

  /** Lets everything come to its end. What is still held then is never given back. */
  async finish(): Promise<void> {
    while (this.#plane.gateway.inFlight() > 0) {
      this.upstream.step();
      this.#pass(IDLE_MS / 4);
      await turnOfTheLoop();
    }
    this.#judge();
    const inflight = this.#pool.ids.filter((id) => this.#plane.selector.inflight(id) !== 0);
    if (inflight.length > 0) this.#report(`leases are held on ${inflight.join(', ')}`);
    // A call that has ended well may wait a moment for its connection.
    this.#pass(IDLE_MS * 2);
    if (this.#plane.timers.armed > 0) this.#report(`${String(this.#plane.timers.armed)} timers are armed`);
    if (this.upstream.open > 0) this.#report(`${String(this.upstream.open)} upstream calls are open`);
    if (this.rows.length !== this.#turns)
      this.#report(`${String(this.rows.length)} rows of ${String(this.#turns)} turns`);
  }

  #ask(): void {
    const conversation = this.#chance.oneOf(this.#conversations);
    if (conversation === undefined) return;
    const fileId = this.#chance.happens(0.1) ? (this.#chance.oneOf(this.#files) ?? null) : null;
    const client = conversation.next(fileId);
    this.#turns += 1;
    this.#asked.set(client.requestId, { conversation, client });
    this.#plane.gateway.handle(client.exchange.request, client.exchange.response);
  }

  #leave(): void {
    const asked = this.#chance.oneOf([...this.#asked.values()]);
    if (asked === undefined) return;
    asked.client.hasLeft = true;
    asked.client.exchange.leave();
  }

  #pass(ms: number): void {
    this.#nowMs += ms;
    this.#plane.timers.advance(ms);
  }

  /** A file that a client has uploaded to some account. */
  #upload(): string {
    const owner = this.#chance.oneOf(this.#pool.ids) ?? '';
    const id = `file-${owner}-${String(this.#files.length)}`;
    this.#plane.continuity.owners.learn('', 'file', id, owner);
    return id;
  }

  #judge(): void {
    const ended = new Set(this.rows.slice(this.#judgedRows).map((row) => row.requestId));
    this.#judgedRows = this.rows.length;
    for (const [requestId, { client, conversation }] of this.#asked) {
      const isOver = ended.has(requestId);
      const flaw = client.flaw(isOver);
      if (flaw !== null) this.#report(`${requestId}: ${flaw}: ${JSON.stringify(client.exchange.received())}`);
      if (!isOver) continue;
      conversation.learn(client);
      this.#asked.delete(requestId);
    }
  }

  #report(what: string): void {
    this.violations.push(`seed ${String(this.seed)}: ${what}`);
  }
}
