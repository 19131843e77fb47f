/** Proves to a page off this machine that its reader may set the first password (design §5). */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';

const PRIVATE_MODE = 0o600;
const BYTES = 24;

/** Valid until it is used, a password is set otherwise, or the process ends; each process makes its own. */
export class BootstrapToken {
  readonly #file: string;
  readonly #logger: Logger;
  #digest: Buffer | null = null;

  constructor(dataDir: string, logger: Logger) {
    this.#file = join(dataDir, 'bootstrap-token');
    this.#logger = logger;
  }

  /** Writes a new one (0600). The log names the file only. */
  async make(): Promise<void> {
    const token = randomBytes(BYTES).toString('base64url');
    await writeFileAtomic(this.#file, `${token}\n`, PRIVATE_MODE);
    this.#digest = digestOf(token);
    this.#logger.info('bootstrap_token_written', { file: this.#file });
  }

  matches(presented: string): boolean {
    return this.#digest !== null && timingSafeEqual(digestOf(presented.trim()), this.#digest);
  }

  /** It opens nothing any more; its file goes. */
  async discard(): Promise<void> {
    this.#digest = null;
    await rm(this.#file, { force: true });
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
