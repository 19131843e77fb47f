/** The command line as a whole: reads it, runs a command, turns failures into exit codes. */
import type { LoadedConfig, LoadOptions } from '../config/load';
import { ConfigError, problemLine } from '../config/problem';
import { ACCOUNTS_CHANGES } from './accounts-change';
import { ACCOUNTS_IMPORT } from './accounts-import';
import { ACCOUNTS_LIST } from './accounts-list';
import { readArguments, UsageError, type Request } from './arguments';
import { CODEX } from './codex';
import type { Command, Program } from './command';
import { completionCommand } from './completion';
import { EXIT } from './exit-codes';
import { failureText } from './failure-text';
import { helpText } from './help';
import { LOGIN } from './login';
import { LOGS } from './logs';
import { OPEN } from './open';
import { ROUTING_PREVIEW } from './routing-preview';
import { SERVE } from './serve';
import { STATUS } from './status';
import { VERSION } from './version';

/** Every command; the first one is meant when none is named. */
const COMMANDS: readonly Command[] = [
  SERVE,
  STATUS,
  OPEN,
  LOGIN,
  ACCOUNTS_IMPORT,
  ACCOUNTS_LIST,
  ...ACCOUNTS_CHANGES,
  LOGS,
  ROUTING_PREVIEW,
  ...CODEX,
  completionCommand(() => COMMANDS),
  VERSION,
];

/**
 * Runs one command line to its end.
 *
 * @param argv words after the program's name
 * @returns the exit code; never throws for anything a person can cause
 */
export async function runCommandLine(argv: readonly string[], program: Program): Promise<number> {
  const { terminal } = program;
  let debug = false;
  const load = (options: LoadOptions): LoadedConfig => {
    const loaded = program.load(options);
    debug = loaded.config.logging.level === 'debug';
    return loaded;
  };
  try {
    return await run(readArguments(argv, COMMANDS), { ...program, load });
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.error(`tightrope: ${error.message}\nTry ${[program.name, ...error.topic, '--help'].join(' ')}`);
      return EXIT.usage;
    }
    if (error instanceof ConfigError) {
      for (const problem of error.problems) terminal.error(`tightrope: error: ${problemLine(problem)}`);
      return EXIT.badConfiguration;
    }
    terminal.error(failureText(error, debug));
    return EXIT.failure;
  }
}

function run(request: Request, program: Program): Promise<number> {
  const { terminal, build, name } = program;
  switch (request.kind) {
    case 'help':
      terminal.out(helpText(request.topic, COMMANDS, name));
      return Promise.resolve(EXIT.ok);
    case 'version':
      terminal.out(`tightrope ${build.version} (${build.commit})`);
      return Promise.resolve(EXIT.ok);
    case 'run':
      return request.command.run({ program, ...request });
  }
}
