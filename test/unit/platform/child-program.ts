/** Runs a program of `programs/` as a process of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

const ROOT = path.resolve(__dirname, '../../..');

/** A running program. */
export interface ChildProgram {
  readonly pid: number;
  /** Lines of its output, as they come. */
  readonly lines: AsyncIterableIterator<string>;
  /** Ends it as a crash does and waits until it is gone. */
  kill(): Promise<void>;
}

/** Bundles `programs/<name>.ts` into `directory` and starts it with `argument`. */
export async function startProgram(name: string, directory: string, argument: string): Promise<ChildProgram> {
  const outfile = path.join(directory, `${name}.cjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [path.join(__dirname, 'programs', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
  });
  await symlink(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'));
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [outfile, argument]);
  child.stderr.pipe(process.stderr);
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    lines: createInterface({ input: child.stdout })[Symbol.asyncIterator](),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
