/** Reads the files of a multipart form into memory, bounded. */
import busboy from 'busboy';
import type { IncomingMessage } from 'node:http';
import { TightropeError } from '../platform/errors';
import type { GivenFile } from './login-files-service';

const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 500;

/** @throws TightropeError `unsupported_media_type`, `empty_upload`, `payload_too_large`, `invalid_request` */
export function readFormFiles(request: IncomingMessage): Promise<GivenFile[]> {
  return new Promise((resolve, reject) => {
    const form = openForm(request);
    const files: GivenFile[] = [];
    let total = 0;
    const fail = (error: unknown): void => {
      request.unpipe(form);
      request.resume();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    form.on('file', (_field, stream, { filename }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        total += chunk.length;
        if (total > MAX_TOTAL_BYTES) fail(tooLarge());
        else chunks.push(chunk);
      });
      stream.on('end', () => files.push({ name: shownName(filename), bytes: Buffer.concat(chunks) }));
      stream.on('error', fail);
    });
    form.on('filesLimit', () => fail(tooLarge()));
    form.on('error', (cause) =>
      fail(new TightropeError('invalid_request', { message: 'The form is damaged.', cause })),
    );
    form.on('close', () => {
      if (files.length === 0) reject(new TightropeError('empty_upload'));
      else resolve(files);
    });
    request.on('aborted', () => fail(new TightropeError('client_disconnected')));
    request.pipe(form);
  });
}

function openForm(request: IncomingMessage): busboy.Busboy {
  try {
    if (!/^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '')) throw new Error('no form');
    return busboy({ headers: request.headers, limits: { files: MAX_FILES, fields: 0, fileSize: MAX_TOTAL_BYTES } });
  } catch (cause) {
    throw new TightropeError('unsupported_media_type', { message: 'Send the files as multipart/form-data.', cause });
  }
}

function tooLarge(): TightropeError {
  return new TightropeError('payload_too_large', { message: 'The files are too many or too large for one import.' });
}

/** For messages only. */
function shownName(given: string | undefined): string {
  return (given ?? 'file').replace(/[\p{Cc}\p{Cf}]/gu, '').slice(-120) || 'file';
}
