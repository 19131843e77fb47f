/** Reads the one event per turn that is parsed: the terminal one, with its usage or its error (proxy.md 10.5). */
import { readErrorFacts, type UpstreamErrorFacts } from '../protocol/upstream-error';
import { eventData } from './event-lines';

/** Tokens. `null` = the upstream did not say. */
export interface TokenUsage {
  readonly input: number | null;
  readonly cached: number | null;
  readonly output: number | null;
  readonly reasoning: number | null;
  readonly total: number | null;
}

/** What the last event of a turn says. */
export interface Terminal {
  readonly kind: 'completed' | 'failed' | 'incomplete' | 'error';
  readonly responseId: string | null;
  readonly usage: TokenUsage | null;
  readonly model: string | null;
  readonly serviceTier: string | null;
  readonly error: UpstreamErrorFacts | null;
}

type Json = Readonly<Record<string, unknown>>;

const KINDS: ReadonlyMap<unknown, Terminal['kind']> = new Map([
  ['response.completed', 'completed'],
  ['response.failed', 'failed'],
  ['response.incomplete', 'incomplete'],
  ['error', 'error'],
]);

/** Parses the event `buffer[start, end)`. Never throws: bytes that are no terminal event in JSON read as an `error` that says so. */
export function readTerminal(buffer: Buffer, start: number, end: number): Terminal {
  return readTerminalData(eventData(buffer, start, end));
}

/** The same of an event without framing, as a WebSocket carries it. */
export function readTerminalData(data: Buffer): Terminal {
  const event = parse(data);
  const kind = KINDS.get(event['type']) ?? kindByShape(event);
  const response = record(event['response']);
  return {
    kind,
    responseId: text(response['id']),
    usage: readUsage(record(response['usage'] ?? event['usage'])),
    model: text(response['model']),
    serviceTier: text(response['service_tier']),
    error: kind === 'failed' || kind === 'error' ? readErrorFacts(event) : null,
  };
}

/** Without a known `type`, the response's own status tells (`{"response":{"status":"completed"}}`). */
function kindByShape(event: Json): Terminal['kind'] {
  const status = record(event['response'])['status'];
  return status === 'completed' || status === 'failed' || status === 'incomplete' ? status : 'error';
}

function parse(data: Buffer): Json {
  try {
    return record(JSON.parse(data.toString('utf8')));
  } catch {
    return { type: 'error', code: 'upstream_error', message: 'The terminal event of the upstream is not valid JSON.' };
  }
}

function readUsage(usage: Json): TokenUsage | null {
  const read: TokenUsage = {
    input: tokens(usage['input_tokens']),
    cached: tokens(record(usage['input_tokens_details'])['cached_tokens']),
    output: tokens(usage['output_tokens']),
    reasoning: tokens(record(usage['output_tokens_details'])['reasoning_tokens']),
    total: tokens(usage['total_tokens']),
  };
  return Object.values(read).every((value) => value === null) ? null : read;
}

function tokens(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
