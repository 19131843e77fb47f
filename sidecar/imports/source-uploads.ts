/** Uploaded databases: kept in a private folder until they are applied, at most half an hour (spec/admin-api.md 11.5). */
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SourceUpload } from '../contract/imports';
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import { uuidv7 } from '../platform/ids';
import { createPrivateDirectory } from '../platform/private-directory';
import { MAX_SOURCE_BYTES } from './source-database';

const KEPT_MS = 1_800_000;
const MOST_KEPT = 8;
const PRIVATE_MODE = 0o600;
const MAX_NAME_CHARS = 120;

export class SourceUploads {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  /** @param folder a folder of its own; what an earlier process left there is removed */
  static async open(folder: string, clock: Clock): Promise<SourceUploads> {
    await rm(folder, { recursive: true, force: true });
    return new SourceUploads(folder, clock);
  }

  private constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Private folder for work on sources. */
  async workFolder(): Promise<string> {
    await createPrivateDirectory(this.#folder);
    return this.#folder;
  }

  /** @throws TightropeError `empty_upload`, `payload_too_large`, `conflict` when too many wait */
  async take(bytes: Readable, givenName: string): Promise<SourceUpload> {
    if (this.#timers.size >= MOST_KEPT) {
      throw new TightropeError('conflict', { message: 'Too many uploads wait to be imported.' });
    }
    const file = path.join(await this.workFolder(), `${uuidv7()}.upload`);
    const bound = new Bound(MAX_SOURCE_BYTES);
    try {
      await pipeline(bytes, bound, createWriteStream(file, { mode: PRIVATE_MODE, flags: 'wx' }));
      if (bound.passed === 0) throw new TightropeError('empty_upload');
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    const timer = setTimeout(() => void this.discard(file), KEPT_MS);
    timer.unref();
    this.#timers.set(file, timer);
    const expiresAtMs = this.#clock.now() + KEPT_MS;
    return { sourcePath: file, fileName: safeName(givenName), sizeBytes: bound.passed, expiresAtMs };
  }

  /** Removes an upload; a path that is none is left alone. */
  async discard(file: string): Promise<void> {
    const timer = this.#timers.get(file);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.#timers.delete(file);
    await rm(file, { force: true });
  }

  /** Removes everything. */
  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Lets a bounded number of bytes pass. */
class Bound extends Transform {
  passed = 0;

  constructor(private readonly most: number) {
    super();
  }

  override _transform(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error: Error | null, chunk?: Buffer) => void,
  ): void {
    this.passed += chunk.length;
    if (this.passed > this.most) done(new TightropeError('payload_too_large'));
    else done(null, chunk);
  }
}

/** For show only: the stored file has a name of our own. */
function safeName(given: string): string {
  const name = path.basename(given.replaceAll('\\', '/')).replace(/[^\p{L}\p{N}._ -]/gu, '_');
  return name.slice(0, MAX_NAME_CHARS) || 'upload';
}
