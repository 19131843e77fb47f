/** What ties a request to an account or to a conversation: read off its bytes and headers, before anybody is asked who owns it. */
import type { IncomingHttpHeaders } from 'node:http';
import { ciphertextMark } from './fingerprint';
import { needle, type Needle } from './item-search';
import type { RequestDraft } from './request-draft';
import { eachStringMember } from './string-members';

/** Everything that may bind a request (design §3 "Bind"); `null` and empty = the request has none. */
export interface RequestTies {
  readonly sessionId: string | null;
  /** Differs from the session in sub-agents (codex-wire 2.5 "thread_id"). */
  readonly threadId: string | null;
  readonly promptCacheKey: string | null;
  /** The anchor: a response that this request continues. */
  readonly previousResponseId: string | null;
  /** `x-codex-turn-state`, header or `client_metadata` (codex-wire 2.6). */
  readonly turnState: string | null;
  readonly fileIds: readonly string[];
  /** Marks of the ciphertexts in `input`, in order (see `ciphertextMark`). */
  readonly ciphertexts: readonly string[];
}

/** A request of which nothing is known. */
export const NO_TIES: RequestTies = Object.freeze({
  sessionId: null,
  threadId: null,
  promptCacheKey: null,
  previousResponseId: null,
  turnState: null,
  fileIds: [],
  ciphertexts: [],
});

export const TURN_STATE = 'x-codex-turn-state';
/** Member that holds ciphertext, in `reasoning`, `compaction` and other items (codex-wire 2.3). */
export const ENCRYPTED_CONTENT: Needle = needle('"encrypted_content"', 'ted_con');
const FILE_ID = needle('"file_id"', 'ile_id"');

/** Spellings in use (proxy.md 7.1, codex-observed "HTTP: headers"), most usual first. */
const SESSION_HEADERS = ['session-id', 'session_id', 'x-codex-session-id', 'x-session-id'] as const;
const THREAD_HEADERS = ['thread-id', 'thread_id', 'x-thread-id'] as const;
/** Longer values are no keys. */
const LONGEST_KEY = 512;

/** What the headers alone say of the conversation of a call that is no generation. */
export function conversationOf(headers: IncomingHttpHeaders): RequestTies {
  const sessionId = firstHeader(headers, SESSION_HEADERS);
  return { ...NO_TIES, sessionId, threadId: firstHeader(headers, THREAD_HEADERS) };
}

/** Reads the ties of a prepared body; the draft's wanted changes must be settled (`finish`). Headers go before the body. */
export function tiesOf(draft: RequestDraft, headers: IncomingHttpHeaders): RequestTies {
  const metadata = draft.object('client_metadata');
  return {
    sessionId: firstHeader(headers, SESSION_HEADERS) ?? key(metadata?.string('session_id')),
    threadId: firstHeader(headers, THREAD_HEADERS) ?? key(metadata?.string('thread_id')),
    promptCacheKey: key(draft.string('prompt_cache_key')),
    previousResponseId: key(draft.string('previous_response_id')),
    turnState: headerOf(headers, TURN_STATE) ?? blankAsNull(metadata?.string(TURN_STATE)),
    fileIds: inInput(draft, FILE_ID, (value) => value.toString('latin1')),
    ciphertexts: inInput(draft, ENCRYPTED_CONTENT, ciphertextMark),
  };
}

function inInput(draft: RequestDraft, name: Needle, read: (value: Buffer) => string): string[] {
  const found: string[] = [];
  const input = draft.top.span('input');
  if (input === undefined) return found;
  eachStringMember(draft.body, input.valueStart, input.valueEnd, name, (value) => found.push(read(value)));
  return found;
}

function firstHeader(headers: IncomingHttpHeaders, names: readonly string[]): string | null {
  for (const name of names) {
    const value = key(headerOf(headers, name));
    if (value !== null) return value;
  }
  return null;
}

function headerOf(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? blankAsNull(value) : null;
}

function blankAsNull(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function key(value: string | null | undefined): string | null {
  const trimmed = blankAsNull(value ?? undefined);
  return trimmed !== null && trimmed.length <= LONGEST_KEY ? trimmed : null;
}
