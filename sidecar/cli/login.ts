/** `tightrope login [--device]`: signs an account in with the running sidecar, by browser or by a code on another device. */
import { setTimeout as pause } from 'node:timers/promises';
import { OAuthFlow } from '../contract/oauth';
import { TightropeError } from '../platform/errors';
import type { Call, Command } from './command';
import { EXIT } from './exit-codes';
import { withRunningSidecar, type SidecarApi } from './with-running-sidecar';

export const LOGIN: Command = {
  words: ['login'],
  summary: 'Sign an account in and add it to the pool',
  details: [
    'Prints an address to open in a browser and waits. With --device it prints a code for another device instead,',
    'which also works over ssh.',
  ],
  arguments: { usage: '', least: 0, most: 0 },
  options: ['device', 'json', 'db', 'config', 'log-level'],
  run: logIn,
};

const POLL_MS = 1_000;

function logIn(call: Call): Promise<number> {
  const { switches, program } = call;
  return withRunningSidecar(call, async (api) => {
    const forceMethod = switches.has('device') ? 'device' : 'browser';
    const flow = await api.ask('/oauth/start', OAuthFlow, { method: 'POST', body: { forceMethod } });
    program.terminal.error(instructions(flow));
    const ended = await finished(api, flow);
    if (ended.status !== 'success') {
      throw new TightropeError('sign_in_failed', {
        message: `The sign-in did not succeed: ${ended.errorMessage ?? ended.phase}.`,
      });
    }
    if (switches.has('json')) program.terminal.out(JSON.stringify(ended, null, 2));
    else {
      const action = ended.completedAction ?? 'updated';
      program.terminal.out(`${action}  ${ended.completedEmail ?? ''}  ${ended.completedAccountId ?? ''}`);
    }
    return EXIT.ok;
  });
}

function instructions(flow: OAuthFlow): string {
  if (flow.userCode !== null && flow.verificationUrl !== null) {
    return `Open ${flow.verificationUrl}\nand enter the code ${flow.userCode}`;
  }
  const problem = flow.listenerProblem === null ? [] : [flow.listenerProblem];
  return [...problem, 'Open this address in a browser and sign in:', flow.authorizationUrl ?? ''].join('\n');
}

/** The sidecar ends every flow by itself, at the latest when it expires. */
async function finished({ ask }: SidecarApi, { flowId }: OAuthFlow): Promise<OAuthFlow> {
  const path = `/oauth/status?flowId=${encodeURIComponent(flowId ?? '')}`;
  for (;;) {
    const flow = await ask(path, OAuthFlow);
    if (!flow.active) return flow;
    await pause(POLL_MS);
  }
}
