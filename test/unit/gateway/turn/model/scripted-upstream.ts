/**
 * An upstream that answers as it is told, one step at a time when the test says so, and that watches what it is sent: everything it
 * hands out names its account, so that a foreign ciphertext, file, anchor or turn state is told at once.
 */
import type {
  TransportFailure,
  UpstreamCall,
  UpstreamRequest,
  UpstreamSink,
  UpstreamTransport,
} from '../../../../../sidecar/gateway/upstream/transport';
import type { Chance } from './chance';
import { storyOf, type Happening, type Verb } from './upstream-stories';

export interface UpstreamWatch {
  /** A request has arrived. */
  onRequest(requestId: string): void;
  onViolation(what: string): void;
}

interface OpenCall {
  readonly sink: UpstreamSink;
  readonly steps: Happening[];
}

/** Values that belong to an account, as `upstream-stories` makes them. */
const OWNED = /\b(?:sealed|file|resp|state)-(account\d+)-\d+/g;

export class ScriptedUpstream implements UpstreamTransport {
  readonly told = new Map<Verb, number>();
  /** Every request that has come. */
  readonly sent: { readonly account: string; readonly body: string }[] = [];
  readonly #open = new Set<OpenCall>();
  #calls = 0;

  constructor(
    private readonly chance: Chance,
    private readonly nextVerb: () => Verb,
    private readonly watch: UpstreamWatch,
  ) {}

  /** Calls that have neither ended nor been aborted. */
  get open(): number {
    return this.#open.size;
  }

  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall {
    const account = headerOf(request, 'authorization').replace(/^Bearer (.*)\.\d+$/, '$1');
    const requestId = headerOf(request, 'x-request-id');
    this.#calls += 1;
    this.watch.onRequest(requestId);
    const text = `${request.body?.toString('utf8') ?? ''} ${headerOf(request, 'x-codex-turn-state')}`;
    for (const [value, owner] of text.matchAll(OWNED)) {
      if (owner !== account) this.watch.onViolation(`${requestId}: ${value} was sent to ${account}`);
    }
    const verb = this.nextVerb();
    this.sent.push({ account, body: request.body?.toString('utf8') ?? '' });
    this.told.set(verb, (this.told.get(verb) ?? 0) + 1);
    const call: OpenCall = { sink, steps: storyOf(verb, { account, call: this.#calls, chance: this.chance }) };
    this.#open.add(call);
    return {
      pause: () => undefined,
      resume: () => undefined,
      abort: () => this.#open.delete(call),
    };
  }

  /** One thing happens on one open call. */
  step(): void {
    const call = this.chance.oneOf([...this.#open].filter(({ steps }) => steps.length > 0));
    const happening = call?.steps.shift();
    if (call === undefined || happening === undefined) return;
    if (happening.kind === 'head') call.sink.onHead(happening.status, happening.headers);
    else if (happening.kind === 'chunk') call.sink.onChunk(happening.bytes);
    else {
      this.#open.delete(call);
      if (happening.kind === 'end') call.sink.onEnd();
      else call.sink.onError(happening.kind === 'broken' ? BROKEN : UNCONNECTED);
    }
  }

  close(): Promise<void> {
    this.#open.clear();
    return Promise.resolve();
  }
}

const UNCONNECTED: TransportFailure = { code: 'upstream_unavailable', phase: 'connect', detail: 'ECONNREFUSED' };
const BROKEN: TransportFailure = { code: 'upstream_unavailable', phase: 'response', detail: 'ECONNRESET' };

function headerOf({ headers }: UpstreamRequest, name: string): string {
  const at = headers.findIndex((one, index) => index % 2 === 0 && one.toLowerCase() === name);
  return at === -1 ? '' : (headers[at + 1] ?? '');
}
