/** What is remembered between set-up and undo: a small file in the data directory, so that it works without a database too. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Type, type Static } from '@sinclair/typebox';
import { compile } from '../contract/validate';
import { writeFileAtomic } from '../platform/atomic-file';
import { TightropeError } from '../platform/errors';

const Memory = Type.Object({
  /** "Not now" was said. */
  dismissed: Type.Boolean(),
  /** The last change that was made; `null` = none, or it was taken back. */
  applied: Type.Union([
    Type.Null(),
    Type.Object({
      configPath: Type.String(),
      /** `null` = there was no file before. */
      backupPath: Type.Union([Type.String(), Type.Null()]),
      /** SHA-256 of what was written, hex. */
      written: Type.String(),
    }),
  ]),
});
export type Memory = Static<typeof Memory>;

const FILE = 'codex-setup.json';
const NOTHING: Memory = { dismissed: false, applied: null };
const MODE = 0o600;

export class SetupMemory {
  readonly #file: string;
  readonly #check = compile(Memory, FILE);

  constructor(dataDir: string) {
    this.#file = path.join(dataDir, FILE);
  }

  /** A file that cannot be read or understood remembers nothing: set-up is worth offering again then. */
  async load(): Promise<Memory> {
    try {
      return this.#check(JSON.parse(await readFile(this.#file, 'utf8')));
    } catch (thrown) {
      const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
      if (isMissing || thrown instanceof SyntaxError || thrown instanceof TightropeError) return NOTHING;
      throw thrown;
    }
  }

  async save(memory: Memory): Promise<void> {
    await writeFileAtomic(this.#file, `${JSON.stringify(memory, null, 2)}\n`, MODE);
  }
}

export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
