/** What binds a request, by what it carries and by who is known to own it (design §3 "Bind"). */
import { NO_TIES, type RequestTies } from '../../../../sidecar/gateway/protocol/request-ties';
import { AffinityTable } from '../../../../sidecar/gateway/routing/affinity-table';
import { Continuity } from '../../../../sidecar/gateway/routing/continuity';
import { OwnerIndex } from '../../../../sidecar/gateway/routing/owner-index';
import { FREE } from '../../../../sidecar/gateway/routing/routing-ports';

const MINUTE_MS = 60_000;
let nowMs = 1_790_000_000_000;
let known: Continuity;

beforeEach(() => {
  const now = (): number => nowMs;
  const sink = { saveOwner: () => undefined, saveAffinity: () => undefined };
  known = new Continuity(
    new OwnerIndex({ sink, now, responseMs: 30 * MINUTE_MS }),
    new AffinityTable({ sink, now, lifetimeMs: (kind) => (kind === 'prompt_cache' ? 5 : 30) * MINUTE_MS }),
  );
});

const ties = (some: Partial<RequestTies>): RequestTies => ({ ...NO_TIES, ...some });
const bindingOf = (some: Partial<RequestTies>, scope = '') => known.bind(ties(some), scope).binding;
const must = (accountId: string, boundBy: string) => ({ grade: 'must', accountId, boundBy });
const should = (accountId: string, boundBy: string) => ({ grade: 'should', accountId, boundBy });
/** An account has answered such a request. */
const served = (some: Partial<RequestTies>, accountId: string): void => {
  known.served(known.bind(ties(some), ''), accountId, 100);
};

test('nothing binds what nobody knows', () => {
  expect(bindingOf({ sessionId: 's', threadId: 's', promptCacheKey: 's', turnState: 't', ciphertexts: ['c'] })).toBe(
    FREE,
  );
});

test('response id, file, ciphertext and turn state bind to their owner, within the key that they were given to', () => {
  known.owners.learn('', 'response', 'resp_1', 'a');
  known.owners.learn('', 'file', 'file_1', 'b');
  known.owners.learnMark('', 'ciphertext', 'mark', 'c');
  known.owners.learn('', 'turn_state', 'state', 'd');
  expect(bindingOf({ previousResponseId: 'resp_1' })).toEqual(must('a', 'previous_response'));
  expect(bindingOf({ fileIds: ['file_1'] })).toEqual(must('b', 'file'));
  expect(bindingOf({ ciphertexts: ['mark'] })).toEqual(must('c', 'ciphertext'));
  expect(bindingOf({ turnState: 'state' })).toEqual(must('d', 'turn_state'));
  expect(bindingOf({ fileIds: ['file_1'], ciphertexts: ['mark'], turnState: 'state' }, 'other-key')).toBe(FREE);
});

test('an anchor that this key was not given is lost', () => {
  known.owners.learn('key-1', 'response', 'resp_1', 'a');
  expect(known.bind(ties({ previousResponseId: 'resp_1' }), 'key-1').isAnchorLost).toBe(false);
  expect(known.bind(ties({ previousResponseId: 'resp_1' }), 'key-2').isAnchorLost).toBe(true);
  nowMs += 31 * MINUTE_MS;
  expect(known.bind(ties({ previousResponseId: 'resp_1' }), 'key-1').isAnchorLost).toBe(true);
});

test('a thread that carries pieces of several accounts goes to the one that served it last', () => {
  known.owners.learnMark('', 'ciphertext', 'old', 'a');
  known.owners.learnMark('', 'ciphertext', 'new', 'b');
  expect(bindingOf({ ciphertexts: ['old', 'new'] })).toEqual(must('b', 'ciphertext'));
  served({ sessionId: 's' }, 'a');
  expect(bindingOf({ sessionId: 's', ciphertexts: ['old', 'new'] })).toEqual(must('a', 'ciphertext'));
  served({ sessionId: 's' }, 'c');
  expect(bindingOf({ sessionId: 's', ciphertexts: ['old', 'new'] })).toEqual(should('c', 'session'));
});

test('ciphertext of which nothing is known belongs to whoever serves its conversation', () => {
  served({ sessionId: 's' }, 'a');
  expect(bindingOf({ sessionId: 's', ciphertexts: ['unknown'] })).toEqual(must('a', 'ciphertext'));
});

test('sub-agents of one session are conversations of their own', () => {
  served({ sessionId: 's', threadId: 's', promptCacheKey: 's' }, 'a');
  const child = { sessionId: 's', threadId: 't', promptCacheKey: 's' };
  expect(bindingOf(child)).toBe(FREE);
  served(child, 'b');
  expect(bindingOf(child)).toEqual(should('b', 'thread'));
  expect(bindingOf({ sessionId: 's', threadId: 's' })).toEqual(should('a', 'session'));
});

test('a prompt-cache key binds for as long as the cache is warm', () => {
  served({ promptCacheKey: 'k' }, 'a');
  expect(bindingOf({ promptCacheKey: 'k' })).toEqual(should('a', 'prompt_cache'));
  nowMs += 6 * MINUTE_MS;
  expect(bindingOf({ promptCacheKey: 'k' })).toBe(FREE);
});

test('a released conversation is free, whatever ciphertext it carries; a file is not', () => {
  served({ sessionId: 's' }, 'a');
  known.owners.learnMark('', 'ciphertext', 'mark', 'a');
  known.owners.learn('', 'file', 'file_1', 'a');
  known.affinities.bind({ scope: '', kind: 'codex_session', key: 's' }, null);
  expect(bindingOf({ sessionId: 's', ciphertexts: ['mark'] })).toBe(FREE);
  expect(bindingOf({ sessionId: 's', fileIds: ['file_1'] })).toEqual(must('a', 'file'));
});

test('the index forgets what was used longest ago, and loads what was stored', () => {
  const stored: unknown[] = [];
  const now = (): number => nowMs;
  const index = new OwnerIndex({ sink: { saveOwner: (row) => stored.push(row) }, now, responseMs: 1000, capacity: 2 });
  index.learn('', 'file', 'one', 'a');
  index.learn('', 'file', 'two', 'a');
  expect(index.ownerOf('', 'file', 'one')).toBe('a');
  index.learn('', 'file', 'three', 'a');
  expect(['one', 'two', 'three'].map((id) => index.ownerOf('', 'file', id))).toEqual(['a', null, 'a']);
  const again = new OwnerIndex({ sink: { saveOwner: () => undefined }, now, responseMs: 1000 });
  again.load(stored as Parameters<OwnerIndex['load']>[0]);
  expect(again.ownerOf('', 'file', 'two')).toBe('a');
  expect(JSON.stringify(stored)).not.toContain('three');
});
