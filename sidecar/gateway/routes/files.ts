/**
 * The files protocol (codex-wire 2.10 "Files"): `POST …/files` makes a file at one account, whose bytes the client puts to the
 * upload address itself, and `POST …/files/{id}/uploaded` must go to the same account. File calls carry no thread, so the owner is
 * remembered by the file's id, across restarts.
 */
import { TightropeError } from '../../platform/errors';
import { textOf } from '../protocol/json-record';
import { parseJsonObject } from '../protocol/parse-json-object';
import { parseUpstreamObject } from '../protocol/upstream-json';
import { BodyAnswer } from '../turn/body-answer';
import { CallTies, scopeOf } from '../turn/call-ties';
import type { Turn } from '../turn/turn';
import { receiveBody } from './generation';
import { runCall, servingAccount, tiesOfCall, type CallServices, type PoolCall } from './pool-call';
import type { RouteHandler } from './router';

/** Edges in front of file calls refuse more than a minimal header set (codex-wire 2.2). */
const FILE_CALL = { method: 'POST', headers: 'minimal', bodyType: 'application/json' } as const;

/** `POST /backend-api/files` */
export function createFileRoute(services: CallServices): RouteHandler {
  return async (turn) => {
    const body = await receiveBody(turn, 'v1');
    parseJsonObject(body);
    const answer = new BodyAnswer(turn, (reply) => {
      learnFile(services, turn, fileIdOf(reply.body));
      return reply;
    });
    await runCall(services, turn, { ...FILE_CALL, path: '/files', body, ties: tiesOfCall(services, turn) }, answer);
  };
}

/** `POST /backend-api/files/{id}/uploaded` */
export function fileUploadedRoute(services: CallServices): RouteHandler {
  return async (turn) => {
    const body = await receiveBody(turn, 'v1');
    parseJsonObject(body);
    const id = turn.record.path.split('/').at(-2) ?? '';
    const ties = tiesOfFile(services, turn, id);
    await runCall(services, turn, uploadedCall(id, body, ties), new BodyAnswer(turn));
  };
}

/** Tells the upstream that the bytes of a file are there; it answers whether it has them. */
function uploadedCall(id: string, body: Buffer, ties: CallTies): PoolCall {
  return { ...FILE_CALL, path: `/files/${id}/uploaded`, body, ties };
}

/** @throws TightropeError `file_not_found`: asking just any account would show it the id of another's file */
function tiesOfFile(services: CallServices, turn: Turn, id: string): CallTies {
  const ties = new CallTies(services.continuity, turn);
  if (!ties.bindToOwnerOf('file', id)) throw new TightropeError('file_not_found');
  return ties;
}

function learnFile({ continuity }: CallServices, turn: Turn, id: string): void {
  continuity.owners.learn(scopeOf(turn), 'file', id, servingAccount(turn));
}

function fileIdOf(body: Buffer): string {
  const id = textOf(parseUpstreamObject(body)['file_id']);
  if (id === undefined) throw new TightropeError('upstream_error', { message: 'The upstream made no file.' });
  return id;
}
