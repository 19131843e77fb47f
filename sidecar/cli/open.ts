/** `tightrope open`: the dashboard of the running sidecar in the user's browser. */
import { spawn } from 'node:child_process';
import { TightropeError } from '../platform/errors';
import type { Call, Command } from './command';
import { EXIT } from './exit-codes';
import { withRunningSidecar } from './with-running-sidecar';

export const OPEN: Command = {
  words: ['open'],
  summary: 'Open the dashboard in the browser',
  details: [],
  arguments: { usage: '', least: 0, most: 0 },
  options: ['db', 'config', 'log-level'],
  run: openDashboard,
};

type Opener = readonly [program: string, ...args: string[]];

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, Opener>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const XDG: Opener = ['xdg-open'];

function openDashboard(call: Call): Promise<number> {
  return withRunningSidecar(call, async ({ address }) => {
    const url = `${address}/`;
    const [program, ...args] = OPENERS[process.platform] ?? XDG;
    await started(program, [...args, url], url);
    call.program.terminal.out(url);
    return EXIT.ok;
  });
}

/** The opener goes on by itself; only whether it could be started is of interest. */
function started(program: string, args: readonly string[], url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
    child.once('error', (cause) => {
      reject(
        new TightropeError('browser_not_opened', {
          message: `No browser could be opened (${program}). The dashboard is at ${url}`,
          cause,
        }),
      );
    });
  });
}
