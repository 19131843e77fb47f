/** What a person does to sign in: the page's calls and the browser's way back. */
import { createServer, type Server } from 'node:net';
import { eventually } from './eventually';
import { callWhole, type Json, type WholeAnswer } from './json-call';
import type { Sidecar } from './sidecar';

/** Lets the callback listener take any free port, so that tests run side by side. */
export const FREE_CALLBACK_PORT = { TIGHTROPE_OAUTH_REDIRECT_URI: 'http://localhost:0/auth/callback' };

/** Starts a sign-in and returns the flow. */
export async function startSignIn(sidecar: Sidecar, body: Json = {}): Promise<Json> {
  const answer = await sidecar.admin('POST', '/api/oauth/start', body);
  expect({ status: answer.status, body: answer.text }).toMatchObject({ status: 200 });
  return answer.json;
}

export async function flowOf(sidecar: Sidecar, flowId: unknown): Promise<Json> {
  return (await sidecar.admin('GET', `/api/oauth/status?flowId=${String(flowId)}`)).json;
}

/** The flow once it has ended. */
export function endOf(sidecar: Sidecar, flowId: unknown): Promise<Json> {
  return eventually(`end of sign-in ${String(flowId)}`, async () => {
    const flow = await flowOf(sidecar, flowId);
    return flow['active'] === false ? flow : undefined;
  });
}

/** The browser follows the provider's redirect to the callback listener. */
export function browse(address: string): Promise<WholeAnswer> {
  return callWhole(address.replace('//localhost', '//127.0.0.1'));
}

/** Another program on a loopback port. */
export async function holdPort(): Promise<{ readonly port: number; release(): Promise<void> }> {
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (typeof bound !== 'object' || bound === null) throw new Error('the port was not bound');
  return { port: bound.port, release: () => new Promise((resolve) => server.close(() => resolve())) };
}
