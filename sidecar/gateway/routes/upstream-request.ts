/** The upstream call of one attempt: as a POST, and for frames as a message on a socket of its conversation. */
import { httpBodyOf } from '../protocol/client-frame';
import type { PreparedBody } from '../protocol/responses-rules';
import type { Lease } from '../routing/selector';
import type { Turn } from '../turn/turn';
import { upstreamHeaders, type HeaderKind } from '../upstream/request-headers';
import type { SocketRequest, UpstreamRequest } from '../upstream/transport';

/** Of a request that is a `response.create` frame. */
export interface FrameFacts {
  readonly isPrewarm: boolean;
  /** Conversation of frames that name no session: the client socket's own. */
  readonly home: string;
  /** Hears of the conversation whose upstream sockets the frame goes to. */
  readonly onConversation: (conversation: string) => void;
}

export interface RequestParts {
  /** Path below the upstream origin. */
  readonly path: string;
  /** `tightrope/<version>`. */
  readonly userAgent: string;
  readonly turn: Turn;
  readonly lease: Lease;
  readonly accessToken: string;
  /** The client's turn state is another account's. */
  readonly dropsTurnState: boolean;
}

/** A POST with this body; `more` are headers of the body. */
export function postRequest(parts: RequestParts, body: Buffer, more: readonly string[] = []): UpstreamRequest {
  return { method: 'POST', path: parts.path, headers: [...headersOf(parts, 'responses'), ...more], body };
}

/** A frame for a socket of the conversation, with the POST that stands in where sockets do not work. */
export function frameRequest(
  parts: RequestParts,
  frame: Buffer,
  prepared: PreparedBody,
  facts: FrameFacts,
): UpstreamRequest {
  const socket: SocketRequest = {
    conversation: conversationOf(parts.turn, prepared, facts.home),
    accountId: parts.lease.account.id,
    headers: headersOf(parts, 'socket'),
    frame,
    isPrewarm: facts.isPrewarm,
    isAnchored: prepared.previousResponseId !== undefined,
    httpBody: () => httpBodyOf(frame),
  };
  facts.onConversation(socket.conversation);
  return { method: 'POST', path: parts.path, headers: headersOf(parts, 'responses'), body: frame, socket };
}

/** A sub-agent shares the session of its root and has a thread of its own (codex-wire 2.2). */
function conversationOf({ record }: Turn, { ties }: PreparedBody, home: string): string {
  const { sessionId, threadId } = ties;
  const names = sessionId === null && threadId === null ? home : `${sessionId ?? ''}\n${threadId ?? ''}`;
  return `${record.apiKeyId ?? ''}\n${names}`;
}

function headersOf({ turn, lease, accessToken, userAgent, dropsTurnState }: RequestParts, kind: HeaderKind): string[] {
  return upstreamHeaders(
    turn.request.rawHeaders,
    {
      accessToken,
      chatgptAccountId: lease.account.chatgptAccountId,
      requestId: turn.record.requestId,
      userAgentFallback: userAgent,
      dropsTurnState,
    },
    kind,
  );
}
