/** A program started by a test: its output and its exit. Whoever starts one ends it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { within } from './eventually';

export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export class ChildProgram {
  stdout = '';
  stderr = '';
  readonly exited: Promise<ProgramExit>;
  private readonly child: ChildProcess;

  constructor(file: string, args: readonly string[], options: ProgramOptions) {
    const child = spawn(file, args, { env: options.env, cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      // `close`, not `exit`: by then all output has been read.
      child.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the program did not start');
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Resolves with the first match in standard output; rejects when the program ends first or takes too long. */
  async waitForOutput(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    const { stdout } = this.child;
    const seen = new Promise<RegExpExecArray>((resolve) => {
      const look = (): void => {
        const match = pattern.exec(this.stdout);
        if (match === null) return;
        stdout?.off('data', look);
        resolve(match);
      };
      stdout?.on('data', look);
      look();
    });
    const ended = this.exited.then((exit): never => {
      throw new Error(`ended with ${JSON.stringify(exit)} before it said ${String(pattern)}\n${this.report()}`);
    });
    return within(`${String(pattern)} on standard output\n${this.report()}`, Promise.race([seen, ended]), withinMs);
  }

  /** What it has said so far, for messages of failed tests. */
  report(): string {
    return `--- stdout\n${this.stdout}\n--- stderr\n${this.stderr}`;
  }
}

/** Runs a program to its end. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions & { readonly withinMs?: number },
): Promise<ProgramExit & { readonly stdout: string; readonly stderr: string }> {
  const program = new ChildProgram(file, args, options);
  try {
    const exit = await within(`the end of ${file} ${args.join(' ')}`, program.exited, options.withinMs ?? 30_000);
    return { ...exit, stdout: program.stdout, stderr: program.stderr };
  } finally {
    if (program.running) program.signal('SIGKILL');
  }
}
