/** `tightrope serve`: runs the sidecar. */
import type { RunningApp } from '../app';
import type { LoadedConfig } from '../config/load';
import { TightropeError } from '../platform/errors';
import type { Call, Command, Program } from './command';
import { configurationOf } from './configuration';
import { EXIT } from './exit-codes';
import { nextSteps } from './next-steps';
import { serveUntilStopped } from './serving';
import { showConfig } from './show-config';

export const SERVE: Command = {
  words: ['serve'],
  summary: 'Run the sidecar: proxy, admin API and dashboard',
  details: [
    'Prints one line to stdout when it accepts connections. SIGTERM, SIGINT and SIGHUP let running turns finish',
    '(TIGHTROPE_DRAIN_TIMEOUT_MS, default 30000); a second signal stops at once.',
  ],
  arguments: { usage: '', least: 0, most: 0 },
  options: ['host', 'port', 'db', 'config', 'log-level', 'show-config'],
  run: serve,
};

async function serve(call: Call): Promise<number> {
  const { program, switches } = call;
  const { terminal } = program;
  const loaded = configurationOf(call);
  if (switches.has('show-config')) {
    terminal.out(showConfig(loaded));
    return EXIT.ok;
  }
  return serveUntilStopped(() => start(program, loaded), announcer(call, loaded), {
    process: program.process,
    terminal,
    drainTimeoutMs: loaded.config.drain.timeoutMs,
    debug: loaded.config.logging.level === 'debug',
  });
}

async function start({ startApp, build, programDir, name }: Program, loaded: LoadedConfig): Promise<RunningApp> {
  try {
    return await startApp({ loaded, version: build.version, programDir });
  } catch (error) {
    throw error instanceof TightropeError && error.code === 'port_in_use' ? portInUse(error, name) : error;
  }
}

function announcer({ program, values }: Call, loaded: LoadedConfig): (app: RunningApp) => void {
  return (app) => {
    program.terminal.out(`tightrope listening on ${app.address}`);
    const { dataDirectory } = loaded;
    program.terminal.error(
      nextSteps({ address: app.address, accounts: app.accounts, dataDirectory, program: program.name, values }),
    );
  };
}

/** Who answers on the port and the ways out, with the command to type. */
function portInUse(error: TightropeError, program: string): TightropeError {
  const { owner, version, pid, host, port } = error.details ?? {};
  const ours = owner === 'tightrope';
  const facts = [
    ...(typeof version === 'string' ? [`version ${version}`] : []),
    ...(typeof pid === 'number' ? [`pid ${pid}`] : []),
  ].join(', ');
  const who = ours ? `another Tightrope${facts === '' ? '' : ` (${facts})`}` : 'another program';
  const other = typeof port === 'number' && port < 65_535 ? port + 1 : 0;
  return new TightropeError('port_in_use', {
    message: `Port ${String(port)} on ${String(host)} is in use by ${who}.`,
    cause: error,
    details: {
      ...error.details,
      nextStep: `${ours ? 'Use that one' : 'Stop it'}, or start on another port: ${program} serve --port ${other} (0 = any free one)`,
    },
  });
}
