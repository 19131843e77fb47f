/** A Codex client's thread: what it has been given so far, and what it may send back of that. */
import { openExchange, type MemoryExchange } from './memory-exchange';
import type { Chance } from './chance';

const STAMP = /"stamp":"(\d+)\/(\w+)\/(\d+)"/g;
/** Everything that an upstream call makes has its account and number in its name. */
const MADE_BY = /account\d+-\d+/g;
const TERMINAL = /^event: (?:response\.(?:completed|failed|incomplete)|error)$/gm;

/** What one client sent, and how its answer is judged. */
export class ClientTurn {
  hasLeft = false;
  #judgedBytes = 0;

  constructor(
    readonly requestId: string,
    readonly exchange: MemoryExchange,
  ) {}

  /** Whether model output of any upstream call has reached the client. */
  get sawOutput(): boolean {
    return this.exchange.received().body.includes('"stamp"');
  }

  /** What is wrong with the answer as far as it has come; `isOver` = nothing more will. */
  flaw(isOver: boolean): string | null {
    if (!isOver && this.exchange.size === this.#judgedBytes) return null;
    this.#judgedBytes = this.exchange.size;
    const { status, body } = this.exchange.received();
    const stamps = [...body.matchAll(STAMP)];
    if (new Set(stamps.map(([, call]) => call)).size > 1) return 'events of two calls in one answer';
    if (new Set(Array.from(body.matchAll(MADE_BY), ([name]) => name)).size > 1)
      return 'output of two calls in one answer';
    if (stamps.some(([, , , number], at) => Number(number) !== at)) return 'events repeated or left out';
    if (!isOver || this.hasLeft) return null;
    if (status === 0) return 'no answer at all';
    if (status === 200 && body.startsWith('{"id":')) return null;
    if (status !== 200) return refusalFlaw(status, body);
    return [...body.matchAll(TERMINAL)].length === 1 ? null : 'not exactly one terminal event';
  }
}

function refusalFlaw(status: number, body: string): string | null {
  if (status === 401) return "an account's 401 was shown";
  return body.startsWith('{"error":{') && !body.includes('"stamp"')
    ? null
    : `status ${String(status)} without an error`;
}

/** The output items of an answer, a stream of events or one object. */
function itemsIn(body: string): object[] {
  const events = body.startsWith('{') ? [body] : [...body.matchAll(/^data: (.*)$/gm)].map(([, data]) => data ?? '');
  return events.flatMap((event) => {
    const { item, output = [] } = JSON.parse(event) as { item?: object; output?: object[] };
    return item === undefined ? output : [item];
  });
}

export class ConversationModel {
  readonly #history: object[] = [];
  #turns = 0;
  #turnState: string | null = null;
  #lastResponse: string | null = null;

  /** @param name differs from every other conversation's */
  constructor(
    readonly name: string,
    private readonly chance: Chance,
  ) {}

  /** The next request: usually the whole history, sometimes only what is new behind an anchor. */
  next(fileId: string | null): ClientTurn {
    const { chance } = this;
    const requestId = `${this.name}-turn${String((this.#turns += 1))}`;
    const says: object[] = [{ type: 'input_text', text: `turn ${requestId}` }];
    if (fileId !== null) says.push({ type: 'input_file', file_id: fileId });
    this.#history.push({ type: 'message', role: 'user', content: says });
    const anchor = this.#lastResponse !== null && chance.happens(0.15) ? this.#lastResponse : null;
    const body = {
      model: chance.happens(0.5) ? 'gpt-5.4' : 'gpt-5.5',
      stream: chance.happens(0.9),
      store: false,
      input: anchor === null ? this.#history : this.#history.slice(-1),
      prompt_cache_key: this.name,
      client_metadata: { session_id: this.name },
      ...(anchor === null ? {} : { previous_response_id: anchor }),
    };
    const headers: Record<string, string> = { 'x-request-id': requestId, originator: 'codex_cli_rs' };
    if (this.#turnState !== null && chance.happens(0.5)) headers['x-codex-turn-state'] = this.#turnState;
    return new ClientTurn(requestId, openExchange('/backend-api/codex/responses', headers, JSON.stringify(body)));
  }

  /** Takes in what an answer gave, whole or not: a client keeps the items it has seen. */
  learn({ exchange }: ClientTurn): void {
    const { head, body } = exchange.received();
    this.#history.push(...itemsIn(body));
    this.#turnState = /x-codex-turn-state: (\S+)/.exec(head)?.[1] ?? this.#turnState;
    this.#lastResponse =
      /"id":"(resp-[\w-]+)","object":"response","status":"completed"/.exec(body)?.[1] ?? this.#lastResponse;
  }
}
