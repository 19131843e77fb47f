/** A `CODEX_HOME` and a work folder for one run of the real Codex CLI (codex-observed "How to drive it"). */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuthJson } from '../fakes/upstream/auth-json';
import { runProgram, type ProgramExit } from '../integration/harness/child-program';
import { codexProgram } from './codex-program';

/** How the CLI proves who it is: a key from the environment, or its own ChatGPT login. */
export type CodexLogin =
  { readonly kind: 'env_key'; readonly key: string } | { readonly kind: 'chatgpt'; readonly authJson: AuthJson };

/** How the CLI asks for model turns. */
export type CodexTransport = 'http' | 'websocket';

export interface CodexRun extends ProgramExit {
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON lines of `--json`. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** What `-o` wrote: the last message. */
  readonly lastMessage: string;
}

/** The provider entry that Tightrope's README gives. */
function configToml(sidecarAddress: string, login: CodexLogin, transport: CodexTransport): string {
  const auth = login.kind === 'env_key' ? 'env_key = "POOL_KEY"' : 'requires_openai_auth = true';
  return `model = "gpt-5.5"
model_provider = "pool"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false
chatgpt_base_url = "${sidecarAddress}/backend-api/"
[analytics]
enabled = false
[model_providers.pool]
name = "openai"
base_url = "${sidecarAddress}/backend-api/codex"
wire_api = "responses"
supports_websockets = ${String(transport === 'websocket')}
${auth}
request_max_retries = 2
stream_max_retries = 2
stream_idle_timeout_ms = 20000
`;
}

export class CodexHome {
  readonly workFolder: string;
  private readonly home: string;

  private constructor(
    folder: string,
    private readonly login: CodexLogin,
  ) {
    this.home = path.join(folder, 'codex-home');
    this.workFolder = path.join(folder, 'work');
  }

  /** Writes the configuration into `folder`, which stays the caller's. */
  static async make(
    folder: string,
    sidecarAddress: string,
    login: CodexLogin,
    transport: CodexTransport = 'http',
  ): Promise<CodexHome> {
    const made = new CodexHome(folder, login);
    await mkdir(made.home, { recursive: true });
    await mkdir(made.workFolder, { recursive: true });
    await writeFile(path.join(made.home, 'config.toml'), configToml(sidecarAddress, login, transport));
    if (login.kind === 'chatgpt') {
      await writeFile(path.join(made.home, 'auth.json'), JSON.stringify(login.authJson), { mode: 0o600 });
    }
    return made;
  }

  /** `codex exec "prompt"`. */
  exec(prompt: string): Promise<CodexRun> {
    return this.run(['exec'], prompt);
  }

  /** `codex exec resume --last "prompt"`: goes on with the newest session of this home. */
  resume(prompt: string): Promise<CodexRun> {
    return this.run(['exec', 'resume', '--last'], prompt);
  }

  private async run(command: readonly string[], prompt: string): Promise<CodexRun> {
    const last = path.join(this.home, 'last.txt');
    await writeFile(last, '');
    const options = ['--json', '--skip-git-repo-check', '-o', last];
    const result = await runProgram(codexProgram(), [...command, ...options, prompt], {
      cwd: this.workFolder,
      withinMs: 120_000,
      env: {
        PATH: process.env['PATH'],
        HOME: this.home,
        CODEX_HOME: this.home,
        ...(this.login.kind === 'env_key' ? { POOL_KEY: this.login.key } : {}),
      },
    });
    const lines = result.stdout.split('\n').filter((line) => line.startsWith('{'));
    return {
      ...result,
      events: lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
      lastMessage: (await readFile(last, 'utf8')).trim(),
    };
  }
}
