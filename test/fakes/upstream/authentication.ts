/** Who is calling: bearer and `chatgpt-account-id` must belong together (codex-wire 2.2). */
import type { AccountState } from './account-state';
import { unauthorizedError } from './error-faults';
import type { RecordedRequest } from './recorder';

export type Authentication<A extends AccountState> =
  | { readonly account: A; readonly refusal: null }
  | { readonly account: A | null; readonly refusal: { readonly status: number; readonly body: unknown } };

/** The bearer token of a request; empty when there is none. */
export function bearerOf(request: RecordedRequest): string {
  const match = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '');
  return match?.[1] ?? '';
}

/** Finds the account of the bearer and checks token and account id as upstream does. */
export function authenticate<A extends AccountState>(
  request: RecordedRequest,
  accounts: readonly A[],
  nowMs: number,
): Authentication<A> {
  const bearer = bearerOf(request);
  const account = accounts.find((candidate) => candidate.login.knowsAccessToken(bearer)) ?? null;
  if (account === null) {
    return { account, refusal: { status: 401, body: { error: unauthorizedError('token_invalidated') } } };
  }
  const problem = account.login.accessProblem(bearer, nowMs);
  if (problem !== null) return { account, refusal: { status: 401, body: { error: unauthorizedError(problem) } } };
  const presentedId = request.headers['chatgpt-account-id'];
  if (presentedId !== undefined && presentedId !== account.chatgptAccountId) {
    return { account, refusal: { status: 403, body: { detail: 'Account does not belong to this token' } } };
  }
  return { account, refusal: null };
}
