/** For commands that only make sense while a sidecar runs: what they ask is decided by the running one. */
import type { TSchema, Static } from '@sinclair/typebox';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import { adminRequest, type AdminRequest } from './admin-request';
import type { Call } from './command';
import { configurationOf } from './configuration';
import { findSidecar } from './find-sidecar';
import { adminToken } from './running-sidecar';

/** The admin API of the running sidecar; answers are checked against the schema of their route. */
export interface SidecarApi {
  readonly address: string;
  readonly dataDirectory: string;
  /** @param path below `/api` */
  ask<S extends TSchema>(path: string, answer: S, request?: Pick<AdminRequest, 'method' | 'body'>): Promise<Static<S>>;
}

const REQUEST_TIMEOUT_MS = 30_000;

/** @throws TightropeError `sidecar_not_running` with what to do */
export async function withRunningSidecar<T>(call: Call, use: (api: SidecarApi) => Promise<T>): Promise<T> {
  const loaded = configurationOf(call);
  const { dataDirectory } = loaded;
  const found = await findSidecar(dataDirectory);
  if (found === null) {
    throw new TightropeError('sidecar_not_running', {
      message: `No sidecar runs on ${dataDirectory}. Start one with: ${call.program.name} serve`,
    });
  }
  const token = await adminToken(loaded);
  const { address } = found;
  return use({
    address,
    dataDirectory,
    ask: async (path, answer, request = {}) =>
      compile(
        answer,
        'answer of the sidecar',
      )(await adminRequest(`${address}/api${path}`, { ...request, token, timeoutMs: REQUEST_TIMEOUT_MS })),
  });
}
