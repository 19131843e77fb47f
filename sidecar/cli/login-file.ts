/** Reads a file of logins: one Codex `auth.json` or an array of them. Says what is wrong without quoting it: it holds tokens. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Bytes; about 3,000 logins. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** The logins of a file, or why there are none. */
export type LoginFile =
  { readonly logins: readonly unknown[]; readonly isArray: boolean } | { readonly problem: string };

/**
 * @param file path, or `-` for `stdin`
 * @param stdin where `-` is read from
 */
export async function readLoginFile(file: string, stdin: AsyncIterable<Buffer | string>): Promise<LoginFile> {
  try {
    if (file !== '-' && (await stat(file)).isDirectory()) return { problem: 'is a folder; name the files in it' };
    const text = await readText(file === '-' ? stdin : createReadStream(file));
    return text === null ? { problem: `has more than ${MAX_FILE_BYTES} bytes` } : parsed(text);
  } catch (error) {
    return { problem: readFailure(error) };
  }
}

/** `null` = too large. Counted while reading, because a pipe has no size beforehand. */
async function readText(source: AsyncIterable<Buffer | string>): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > MAX_FILE_BYTES) return null;
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): LoginFile {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return Array.isArray(value) ? { logins: value, isArray: true } : { logins: [value], isArray: false };
  } catch {
    return { problem: text.trim() === '' ? 'is empty' : 'is not JSON' };
  }
}

function readFailure(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${code})`;
}
