/**
 * What ties a request to an account, and how firmly (design §3 "Bind", field 5.1). One function decides; it looks things up and
 * changes nothing.
 */
import type { RequestTies } from '../protocol/request-ties';
import type { Affinity, AffinityKey, AffinityTable } from './affinity-table';
import type { OwnerIndex } from './owner-index';
import { FREE, type Binding } from './routing-ports';

/** Who owns what a request carries; `null` = not known. */
export interface Owners {
  readonly anchor: string | null;
  readonly turnState: string | null;
  readonly files: readonly (string | null)[];
  /** In the order of `RequestTies.ciphertexts`; those not known count as of the account that serves the conversation. */
  readonly ciphertexts: readonly (string | null)[];
}

/** A request whose ties have been looked up. */
export interface BoundRequest {
  readonly binding: Binding;
  readonly owners: Owners;
  /** What it is remembered by; none = it has no session and no cache key. */
  readonly conversations: readonly AffinityKey[];
  /** Who served it last; `undefined` = nobody, or too long ago. */
  readonly affinity: Affinity | undefined;
  /** It continues a response that no account of this key is known to have given: nobody can serve it. */
  readonly isAnchorLost: boolean;
}

/** Looks up everything that ties the request. `scope` = API key id, `''` = no key. */
export function bindRequest(
  ties: RequestTies,
  scope: string,
  index: Pick<OwnerIndex, 'ownerOf' | 'ownerOfMark'>,
  table: Pick<AffinityTable, 'find'>,
): BoundRequest {
  const conversations = conversationsOf(ties, scope);
  const affinity = firstFound(conversations, table);
  const { previousResponseId, turnState } = ties;
  const anchor = previousResponseId === null ? null : index.ownerOf(scope, 'response', previousResponseId);
  const owners: Owners = {
    anchor,
    turnState: turnState === null ? null : index.ownerOf(scope, 'turn_state', turnState),
    files: ties.fileIds.map((id) => index.ownerOf(scope, 'file', id)),
    ciphertexts: ties.ciphertexts.map((mark) => index.ownerOfMark(scope, 'ciphertext', mark) ?? servedBy(affinity)),
  };
  return {
    binding: bindingOf(owners, affinity),
    owners,
    conversations,
    affinity,
    isAnchorLost: previousResponseId !== null && anchor === null,
  };
}

/**
 * Names of the conversation, the one that decides first. A thread inside a session has a name of its own and no other: with the
 * session's it would follow its parent, and all sub-agents would share one account (design §3 "thread affinity").
 */
export function conversationsOf({ sessionId, threadId, promptCacheKey }: RequestTies, scope: string): AffinityKey[] {
  const session = sessionId ?? threadId;
  if (session !== null && threadId !== null && threadId !== session) {
    return [{ scope, kind: 'sticky_thread', key: `${session}/${threadId}` }];
  }
  const keys: AffinityKey[] = session === null ? [] : [{ scope, kind: 'codex_session', key: session }];
  // The Codex client sends its session as the cache key: one name is enough.
  if (promptCacheKey !== null && promptCacheKey !== session) {
    keys.push({ scope, kind: 'prompt_cache', key: promptCacheKey });
  }
  return keys;
}

/** Words for `Binding.boundBy`, by the kind of conversation. */
const CONVERSATION_WORDS = { codex_session: 'session', sticky_thread: 'thread', prompt_cache: 'prompt_cache' } as const;

/**
 * An anchor or a file leaves no choice. Ciphertext and turn state go with the account that serves the conversation now: a thread
 * that has moved carries pieces of several accounts, and must not go back and forth between them.
 */
function bindingOf(owners: Owners, affinity: Affinity | undefined): Binding {
  if (owners.anchor !== null) return must(owners.anchor, 'previous_response');
  const file = owners.files.find((owner) => owner !== null);
  if (file !== undefined && file !== null) return must(file, 'file');
  // Released by a person.
  return affinity?.accountId === null ? FREE : movableBinding(owners, affinity);
}

function movableBinding({ ciphertexts, turnState }: Owners, affinity: Affinity | undefined): Binding {
  const sealedBy = ciphertexts.findLast((owner) => owner !== null) ?? null;
  const thread = affinity?.kind === 'prompt_cache' ? null : servedBy(affinity);
  const account = thread ?? sealedBy ?? turnState ?? servedBy(affinity);
  if (account === null) return FREE;
  if (ciphertexts.includes(account)) return must(account, 'ciphertext');
  if (turnState === account || affinity === undefined) return must(account, 'turn_state');
  return { grade: 'should', accountId: account, boundBy: CONVERSATION_WORDS[affinity.kind] };
}

function must(accountId: string, boundBy: string): Binding {
  return { grade: 'must', accountId, boundBy };
}

function servedBy(affinity: Affinity | undefined): string | null {
  return affinity?.accountId ?? null;
}

function firstFound(keys: readonly AffinityKey[], table: Pick<AffinityTable, 'find'>): Affinity | undefined {
  for (const key of keys) {
    const found = table.find(key);
    if (found !== undefined) return found;
  }
  return undefined;
}
