/**
 * Finds logins in files that people have: Codex `auth.json`, arrays of them, exports of codex-lb and CLIProxyAPI, and zip
 * archives of all these (spec/data-security.md 4.4; spec/ui.md 11.1 "D"). Pure; whether a login is usable is decided later.
 */
import { unzipSync, type UnzipFileInfo } from 'fflate';
import { TightropeError } from '../platform/errors';

/** One login as it was found, not looked at yet. */
export interface FoundLogin {
  /** The file, for an archive with the path inside: `logins.zip/one.json`. */
  readonly file: string;
  /** Where in the file, from 0. */
  readonly index: number;
  readonly authJson: unknown;
}

/** A file in which nothing could be looked for, and why. */
export interface UnreadableFile {
  readonly file: string;
  readonly reason: string;
}

export interface FoundLogins {
  readonly logins: readonly FoundLogin[];
  readonly unreadable: readonly UnreadableFile[];
}

/** An auth.json has a few kB; exports of a large pool stay below this. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;
/** What all files of one archive may have together once they are unpacked. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const MAX_ARCHIVE_ENTRIES = 2000;
const ZIP_MAGIC = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
/** Names under which exports keep their list. */
const LISTS = ['accounts', 'logins', 'credentials', 'items', 'files'] as const;
/** Kinds of CLIProxyAPI's credential files that are ChatGPT logins. */
const CHATGPT_TYPES: readonly string[] = ['codex', 'openai', 'chatgpt'];

type Fields = Readonly<Record<string, unknown>>;

/** @throws TightropeError `payload_too_large` for an archive that unpacks to more than is allowed */
export function findLogins(file: string, bytes: Uint8Array): FoundLogins {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, ZIP_MAGIC.length));
  if (head.equals(ZIP_MAGIC)) return findInArchive(file, bytes);
  const parsed = parse(bytes);
  if (parsed === null) return { logins: [], unreadable: [{ file, reason: 'It is neither JSON nor a zip archive.' }] };
  const logins = parsed.flatMap(listed).map((authJson, index) => ({ file, index, authJson }));
  return { logins, unreadable: logins.length === 0 ? [{ file, reason: 'It holds no logins.' }] : [] };
}

function findInArchive(archive: string, bytes: Uint8Array): FoundLogins {
  const logins: FoundLogin[] = [];
  const unreadable: UnreadableFile[] = [];
  let entries = 0;
  let unpacked = 0;
  // The sizes are the archive's own claims; the unpacker writes no more than an entry claims.
  const wanted = ({ name, originalSize }: UnzipFileInfo): boolean => {
    if (!/\.json$/i.test(name) || /(^|\/)(__MACOSX\/|\._)/.test(name)) return false;
    entries += 1;
    unpacked += originalSize;
    if (entries > MAX_ARCHIVE_ENTRIES || unpacked > MAX_UNPACKED_BYTES) throw tooLarge(archive);
    if (originalSize <= MAX_FILE_BYTES) return true;
    unreadable.push({ file: `${archive}/${name}`, reason: 'It is too large for a file of logins.' });
    return false;
  };
  const files = unzip(bytes, wanted);
  if (files === null) return { logins, unreadable: [{ file: archive, reason: 'The archive is damaged.' }] };
  for (const [name, content] of Object.entries(files)) {
    const found = findPlain(`${archive}/${name}`, content);
    logins.push(...found.logins);
    unreadable.push(...found.unreadable);
  }
  if (entries === 0) unreadable.push({ file: archive, reason: 'The archive holds no JSON files.' });
  return { logins, unreadable };
}

/** Archives in archives are not opened. */
function findPlain(file: string, content: Uint8Array): FoundLogins {
  const nested = Buffer.from(content.subarray(0, ZIP_MAGIC.length)).equals(ZIP_MAGIC);
  return nested ? { logins: [], unreadable: [{ file, reason: 'It is not JSON.' }] } : findLogins(file, content);
}

function unzip(bytes: Uint8Array, filter: (file: UnzipFileInfo) => boolean): Record<string, Uint8Array> | null {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof TightropeError) throw error;
    return null; // the unpacker's words are for programmers; the caller names the archive
  }
}

function tooLarge(archive: string): TightropeError {
  return new TightropeError('payload_too_large', { message: `${archive} unpacks to more than is accepted.` });
}

/** The JSON values of a file: one, or one a line; `null` when it is no JSON. */
function parse(bytes: Uint8Array): unknown[] | null {
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trim();
  if (text === '') return null;
  const whole = tryParse(text);
  if (whole !== undefined) return [whole];
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const values = lines.map(tryParse);
  return lines.length > 1 && values.every((value) => value !== undefined) ? values : null;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON value is undefined, so nothing is mistaken for it
  }
}

/** The logins of a value: itself, or those of the list it is or holds. */
function listed(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (!isFields(value)) return [value];
  for (const name of LISTS) {
    const list = value[name];
    if (Array.isArray(list)) return list;
  }
  return [value];
}

/** Why a found value is no ChatGPT login although its shape may be one; `null` when nothing speaks against it. */
export function foreignKind(authJson: unknown): string | null {
  const type = isFields(authJson) ? authJson['type'] : undefined;
  if (typeof type !== 'string' || CHATGPT_TYPES.includes(type.toLowerCase())) return null;
  return `It is a login of ${type.replace(/[^\w.-]/g, '').slice(0, 32) || 'another kind'}, not of ChatGPT.`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
