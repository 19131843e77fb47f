/** A process of the bench: started on its core, heard when it fails, ended with the bench. */
import { spawn, type ChildProcess } from 'node:child_process';
import { pinned, type Side } from './pinning';

export interface ProcessOptions {
  /** Core to run on; `null` = wherever the system likes. */
  readonly side: Side | null;
  readonly command: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Open an IPC channel. */
  readonly ipc?: boolean;
}

const STOP_WITHIN_MS = 15_000;
/** What a process said last is shown when it fails. */
const TAIL_CHARACTERS = 4_000;

export class OwnedProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  #stdout = '';
  #stderr = '';

  constructor(options: ProcessOptions) {
    const [file = '', ...args] = pinned(options.side, options.command);
    this.child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc === true ? (['ipc'] as const) : [])],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout = (this.#stdout + text).slice(-TAIL_CHARACTERS);
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-TAIL_CHARACTERS);
    });
    const endWithUs = (): void => {
      this.child.kill('SIGKILL');
    };
    process.once('exit', endWithUs);
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        process.off('exit', endWithUs);
        resolve(code);
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`could not start ${this.child.spawnfile}`);
    return this.child.pid;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it said, for messages. */
  report(): string {
    return `${this.child.spawnargs.join(' ')}\n--- stdout\n${this.#stdout}\n--- stderr\n${this.#stderr}`;
  }

  /** Resolves with the first match in what it prints to standard output. */
  async output(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    const { stdout } = this.child;
    let look = (): void => undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<RegExpExecArray>((resolve, reject) => {
        look = (): void => {
          const match = pattern.exec(this.#stdout);
          if (match !== null) resolve(match);
        };
        const fail = (what: string): void =>
          reject(new Error(`${what} before it said ${String(pattern)}\n${this.report()}`));
        timer = setTimeout(() => fail('too slow'), withinMs);
        this.exited.then((code) => fail(`ended with ${String(code)}`), reject);
        stdout?.on('data', look);
        look();
      });
    } finally {
      clearTimeout(timer);
      stdout?.off('data', look);
    }
  }

  /** Ends it by `signal`, by force when that takes too long. Returns its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.running) this.child.kill(signal);
    const force = setTimeout(() => this.child.kill('SIGKILL'), STOP_WITHIN_MS);
    try {
      return await this.exited;
    } finally {
      clearTimeout(force);
    }
  }
}
