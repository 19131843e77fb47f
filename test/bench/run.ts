/** `npm run bench` and `npm run soak`; the same bundle also plays the roles of the bench's own processes. */
import { runBench } from './bench';
import { runClient } from './client';
import { parseCommand, USAGE, type Command } from './options';
import { ROLE_FLAG } from './processes/role-process';
import { runProfile } from './profile/run-profile';
import { LATER, SCENARIOS } from './scenarios/scenario-table';
import { runSoak } from './soak';
import { runPipe } from './targets/pipe';
import { runSplice } from './targets/splice';
import { runUpstream } from './upstream';

function playRole(role: string | undefined, upstreamPort: number): void {
  switch (role) {
    case 'upstream':
      return runUpstream();
    case 'client':
      return runClient();
    case 'splice':
      return runSplice(upstreamPort);
    case 'pipe':
      return runPipe(upstreamPort);
    default:
      throw new Error(`no role ${String(role)}`);
  }
}

function list(): void {
  const rows = [
    ...SCENARIOS.map(({ id, title }) => `${id.padEnd(6)} ${title}`),
    ...LATER.map(({ id, title }) => `${id.padEnd(6)} ${title} (comes with its issue)`),
  ];
  process.stdout.write(`${rows.join('\n')}\n`);
}

/** @returns the exit code */
async function execute(command: Command): Promise<number> {
  if (process.platform !== 'linux' && command.kind !== 'list' && command.kind !== 'help') {
    throw new Error('The bench reads /proc and runs on Linux only.');
  }
  switch (command.kind) {
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    case 'list':
      list();
      return 0;
    case 'soak':
      return runSoak(command.seconds);
    case 'bench':
      return command.options.profile ? runProfile(command.options.scenarios) : runBench(command.options);
  }
}

const [flag, role, upstreamPort, ...rest] = process.argv.slice(2);
if (flag === ROLE_FLAG && rest.length === 0) {
  playRole(role, Number(upstreamPort ?? 0));
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  Promise.resolve()
    .then(() => execute(parseCommand(process.argv.slice(2))))
    .then((code) => process.exit(code))
    .catch((error: unknown) => {
      process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(2);
    });
}
