/**
 * Reset credits of the pool (codex-wire 2.9): the list is that of all accounts, and redeeming one goes to the account that has
 * it. A redeem id is bound to its account before anything is sent, so that a repeated request can never spend a second credit.
 */
import { TightropeError } from '../../platform/errors';
import type { PoolAccount } from '../ports';
import { countOf, listOf, recordOf, textOf, type Json } from '../protocol/json-record';
import { parseJsonObject } from '../protocol/parse-json-object';
import { parseUpstreamObject } from '../protocol/upstream-json';
import type { WholeReply } from '../turn/body-answer';
import { scopeOf } from '../turn/call-ties';
import type { HttpTurn } from '../turn/http-turn';
import { allowedAccounts } from '../turn/key-check';
import { respondBody, respondJson } from '../turn/respond';
import { wholeCall } from '../turn/whole-call';
import { upstreamHeaders } from '../upstream/request-headers';
import { receiveBody } from './generation';
import type { CallServices } from './pool-call';
import type { RouteHandler } from './router';

const PATH = '/wham/rate-limit-reset-credits';

/** `GET …/rate-limit-reset-credits` */
export function resetCreditsRoute(services: CallServices): RouteHandler {
  return async (turn) => {
    const lists = await Promise.all(reachable(services, turn).map((account) => creditsOf(services, turn, account)));
    const heard = lists.flatMap((list) => (list === null ? [] : [list]));
    if (heard.length === 0) throw noneAnswered(lists.length);
    const body = {
      credits: heard.flatMap(({ credits }) => credits),
      available_count: heard.reduce((sum, { available }) => sum + available, 0),
    };
    respondJson(turn.response, 200, turn.headers, JSON.stringify(body));
    turn.answered(200);
  };
}

/** `POST …/rate-limit-reset-credits/consume` */
export function consumeCreditRoute(services: CallServices): RouteHandler {
  return async (turn) => {
    const body = await receiveBody(turn, 'v1');
    const { redeem_request_id: redeemId, credit_id: creditId } = parseJsonObject(body);
    const id = textOf(redeemId);
    if (id === undefined) {
      const message = 'redeem_request_id is required.';
      throw new TightropeError('invalid_request_error', { message, param: 'redeem_request_id' });
    }
    const account = await redeemer(services, turn, id, textOf(creditId) ?? null);
    turn.record.accountId = account.id;
    services.continuity.owners.learn(scopeOf(turn), 'redemption', id, account.id);
    const reply = await ask(services, turn, account, body);
    if (reply.status >= 500 || reply.status === 401) throw new TightropeError('upstream_error');
    respondBody(turn.response, reply.status, [...turn.headers, 'content-type', 'application/json'], reply.body);
    turn.answered(reply.status);
  };
}

/** Who redeems: whoever was asked by this id before, has this credit, or has the most of them. */
async function redeemer(
  services: CallServices,
  turn: HttpTurn,
  redeemId: string,
  creditId: string | null,
): Promise<PoolAccount> {
  const accounts = reachable(services, turn);
  const { owners } = services.continuity;
  const scope = scopeOf(turn);
  const known = owners.ownerOf(scope, 'redemption', redeemId);
  if (known !== null) return mustFind(accounts, known);
  const creditOwner = creditId === null ? null : owners.ownerOf(scope, 'redemption', creditId);
  if (creditOwner !== null) return mustFind(accounts, creditOwner);
  const lists = await Promise.all(accounts.map((account) => creditsOf(services, turn, account)));
  const usable = new Set(services.pool.usable(services.now()).map(({ id }) => id));
  const best = lists
    .flatMap((list) => (list !== null && (creditId === null || holds(list, creditId)) ? [list] : []))
    .sort((a, b) => need(b, usable) - need(a, usable) || b.available - a.available)[0];
  if (best === undefined) throw noneAnswered(accounts.length);
  return best.account;
}

/** A credit helps most where a limit keeps the account out of rotation. */
function need({ account, available }: CreditList, usable: ReadonlySet<string>): number {
  if (available === 0) return 0;
  return usable.has(account.id) ? 1 : 2;
}

function holds({ credits }: CreditList, id: string): boolean {
  return credits.some((credit) => recordOf(credit)['id'] === id);
}

function mustFind(accounts: readonly PoolAccount[], id: string): PoolAccount {
  const account = accounts.find((one) => one.id === id);
  if (account === undefined) throw new TightropeError('continuation_account_unavailable');
  return account;
}

/** Accounts that the caller may have asked, whether or not a limit keeps them out of rotation. */
function reachable({ pool, keys }: CallServices, turn: HttpTurn): readonly PoolAccount[] {
  const allowed = allowedAccounts(keys, turn);
  const accounts = pool.members().filter(({ id }) => allowed === null || allowed.has(id));
  if (accounts.length === 0) throw new TightropeError('no_accounts');
  return accounts;
}

interface CreditList {
  readonly account: PoolAccount;
  readonly credits: readonly unknown[];
  readonly available: number;
}

/** `null` = this account did not answer; the others' credits are shown all the same. */
async function creditsOf(services: CallServices, turn: HttpTurn, account: PoolAccount): Promise<CreditList | null> {
  try {
    const reply = await ask(services, turn, account, null);
    if (reply.status !== 200) return null;
    const list: Json = parseUpstreamObject(reply.body);
    const credits = listOf(list['credits']);
    for (const credit of credits) {
      const id = textOf(recordOf(credit)['id']);
      if (id !== undefined) services.continuity.owners.learn(scopeOf(turn), 'redemption', id, account.id);
    }
    return { account, credits, available: countOf(list['available_count']) ?? credits.length };
  } catch (thrown) {
    if (thrown instanceof TightropeError && thrown.code !== 'client_disconnected') return null;
    throw thrown;
  }
}

/** @param body `null` asks for the list; else a credit is redeemed */
async function ask(
  { pool, ...services }: CallServices,
  turn: HttpTurn,
  account: PoolAccount,
  body: Buffer | null,
): Promise<WholeReply> {
  const { signal } = turn.cancel;
  const send = (accessToken: string): Promise<WholeReply> => {
    const identity = {
      accessToken,
      chatgptAccountId: account.chatgptAccountId,
      requestId: turn.record.requestId,
      userAgentFallback: services.userAgent,
      dropsTurnState: true,
    };
    const request = {
      method: body === null ? 'GET' : 'POST',
      path: services.upstreamBasePath + PATH + (body === null ? '' : '/consume'),
      headers: upstreamHeaders(turn.request.rawHeaders, identity, 'json'),
      body,
    } as const;
    return wholeCall(services, request, signal);
  };
  const token = await pool.accessToken(account.id, signal);
  const reply = await send(token);
  // A refused login has redeemed nothing.
  return reply.status === 401 ? send(await pool.replaceToken(account.id, token, signal)) : reply;
}

function noneAnswered(asked: number): TightropeError {
  return new TightropeError('upstream_error', { message: `None of ${asked} accounts told its reset credits.` });
}
