/** `tightrope codex setup|undo`: points the Codex client at the running sidecar, and takes it back. */
import { CodexSetupResult, CodexUndoResult } from '../contract/codex-setup';
import type { Call, Command } from './command';
import { EXIT } from './exit-codes';
import { withRunningSidecar } from './with-running-sidecar';

/** Both commands. */
export const CODEX: readonly Command[] = [
  {
    words: ['codex', 'setup'],
    summary: "Point the Codex client's configuration at the running sidecar",
    details: [
      'Shows what changes, keeps a backup and leaves every other line alone. With --profile only',
      '"codex --profile tightrope" uses Tightrope; with --env-key Codex sends the API key in that variable.',
    ],
    arguments: { usage: '', least: 0, most: 0 },
    options: ['dry-run', 'profile', 'env-key', 'json', 'db', 'config', 'log-level'],
    run: setUp,
  },
  {
    words: ['codex', 'undo'],
    summary: 'Put back what was there before the last set-up',
    details: ['Refuses when the file was changed since, unless --force is given.'],
    arguments: { usage: '', least: 0, most: 0 },
    options: ['force', 'json', 'db', 'config', 'log-level'],
    run: undo,
  },
];

async function setUp(call: Call): Promise<number> {
  const { switches, values, program } = call;
  const { terminal } = program;
  const wish = {
    mode: switches.has('profile') ? 'profile' : 'default',
    ...(values['env-key'] === undefined ? {} : { envKey: values['env-key'] }),
  };
  return withRunningSidecar(call, async ({ ask }) => {
    const apply = (dryRun: boolean): Promise<CodexSetupResult> =>
      ask('/codex/setup', CodexSetupResult, { method: 'POST', body: { ...wish, dryRun } });
    const shown = await apply(true);
    const result = switches.has('dry-run') ? shown : await apply(false);
    if (switches.has('json')) {
      terminal.out(JSON.stringify(result, null, 2));
      return EXIT.ok;
    }
    if (shown.diff === undefined || shown.diff === '') terminal.error(`${result.configPath} is as it should be.`);
    else terminal.out(shown.diff.trimEnd());
    if (result.changed) {
      if (result.backupPath !== null) terminal.error(`Backup: ${result.backupPath}`);
      terminal.error(`Written. Start Codex again. To take it back: ${program.name} codex undo`);
    }
    return EXIT.ok;
  });
}

async function undo(call: Call): Promise<number> {
  const { switches, program } = call;
  const result = await withRunningSidecar(call, ({ ask }) =>
    ask('/codex/setup/undo', CodexUndoResult, { method: 'POST', body: { force: switches.has('force') } }),
  );
  if (switches.has('json')) program.terminal.out(JSON.stringify(result, null, 2));
  else program.terminal.out(`${result.removed ? 'removed' : 'restored'}  ${result.configPath}`);
  return EXIT.ok;
}
