/**
 * A file for log lines that is put aside when it is full. (winston's own file transport swallows every error of the disk,
 * and then holds back the lines for the console, too: winston 3.19, lib/winston/transports/file.js.)
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { createPrivateDirectory } from './private-directory';
import { codeOf } from './thrown';

/** Lines kept in memory while the disk is slow, bytes; what comes beyond is lost for the file. */
const MAX_PENDING_BYTES = 1024 * 1024;

/** After a failure the file is left alone for this long, ms. */
const RETRY_MS = 10_000;

/** Where and how much. */
export interface RotatingFileOptions {
  /** Absolute path; full files become `<file>.1`, `<file>.2`, … from young to old. */
  readonly file: string;
  /** Size after which the file is put aside, bytes. */
  readonly maxBytes: number;
  /** Files kept, the current one included. */
  readonly maxFiles: number;
  /** Called when the file cannot be written, once until it can again. */
  readonly onFailure: (error: unknown) => void;
}

/** Takes whole lines and never makes its writer wait; ending it waits for the disk. Created with mode 0600. */
export class RotatingFile extends Writable {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private draining: Promise<void> | null = null;
  private handle: FileHandle | null = null;
  private size = 0;
  private failing = false;
  private retryAtMs = 0;

  constructor(private readonly options: RotatingFileOptions) {
    super({ decodeStrings: true });
  }

  override _write(line: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.pendingBytes + line.length <= MAX_PENDING_BYTES) {
      this.pending.push(line);
      this.pendingBytes += line.length;
      this.draining ??= this.drain();
    }
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.finish().then(
      () => {
        done();
      },
      // Nobody reads the log of a log file; the lines are on stderr.
      () => {
        done();
      },
    );
  }

  private async finish(): Promise<void> {
    await this.draining;
    await this.handle?.close();
    this.handle = null;
  }

  /** Writes until nothing is pending. Never rejects. */
  private async drain(): Promise<void> {
    while (this.pending.length > 0) {
      const lines = this.pending;
      this.pending = [];
      this.pendingBytes = 0;
      if (performance.now() < this.retryAtMs) continue;
      try {
        await this.append(lines);
        this.failing = false;
      } catch (error) {
        await this.fail(error);
      }
    }
    this.draining = null;
  }

  private async append(lines: readonly Buffer[]): Promise<void> {
    let chunk: Buffer[] = [];
    let bytes = 0;
    for (const line of lines) {
      this.handle ??= await this.openFile();
      if (this.size + bytes > 0 && this.size + bytes + line.length > this.options.maxBytes) {
        await this.writeOut(this.handle, chunk, bytes);
        await this.putAside();
        this.handle = await this.openFile();
        chunk = [];
        bytes = 0;
      }
      chunk.push(line);
      bytes += line.length;
    }
    if (this.handle !== null) await this.writeOut(this.handle, chunk, bytes);
  }

  private async writeOut(handle: FileHandle, chunk: readonly Buffer[], bytes: number): Promise<void> {
    if (bytes === 0) return;
    await handle.appendFile(Buffer.concat(chunk));
    this.size += bytes;
  }

  private async openFile(): Promise<FileHandle> {
    await createPrivateDirectory(path.dirname(this.options.file));
    const handle = await open(this.options.file, 'a', 0o600);
    this.size = (await handle.stat()).size;
    return handle;
  }

  private async putAside(): Promise<void> {
    const { file, maxFiles } = this.options;
    await this.handle?.close();
    this.handle = null;
    if (maxFiles <= 1) {
      await rm(file, { force: true });
      return;
    }
    for (let age = maxFiles - 1; age >= 1; age -= 1) {
      await renameIfThere(age === 1 ? file : `${file}.${age - 1}`, `${file}.${age}`);
    }
  }

  private async fail(error: unknown): Promise<void> {
    this.retryAtMs = performance.now() + RETRY_MS;
    const handle = this.handle;
    this.handle = null;
    if (!this.failing) this.options.onFailure(error);
    this.failing = true;
    // What closing a broken file says adds nothing to the error that is told already.
    await handle?.close().catch(() => undefined);
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
