import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { createLogger, type Logger, type LoggerOptions } from '../../../sidecar/platform/logger';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
let written = '';
let logger: Logger | null = null;

const stream = new Writable({
  write(chunk: Buffer, _encoding, done) {
    written += chunk.toString();
    done();
  },
});

beforeEach(() => {
  written = '';
});

afterEach(async () => {
  await logger?.close();
});

function open(options: Partial<LoggerOptions> = {}): Logger {
  const clock = { now: () => 0 };
  logger = createLogger({
    level: 'info',
    format: 'text',
    file: null,
    maxBytes: 1e6,
    maxFiles: 2,
    clock,
    stream,
    ...options,
  });
  return logger;
}

function all(to: Logger): string[] {
  to.error('e');
  to.warn('w');
  to.info('i');
  to.debug('d');
  return written
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.at(-1) ?? '');
}

test.each([
  ['error', ['e']],
  ['warn', ['e', 'w']],
  ['warning', ['e', 'w']],
  ['info', ['e', 'w', 'i']],
  ['DEBUG', ['e', 'w', 'i', 'd']],
  ['trace', ['e', 'w', 'i', 'd']],
  ['nonsense', ['e', 'w', 'i']],
])('level %s writes %j', (level, expected) => {
  expect(all(open({ level }))).toEqual(expected);
});

test('facts below the level are not even looked at', () => {
  const facts = {
    get costly(): string {
      throw new Error('looked at');
    },
  };
  open().debug('d', facts);
  expect(written).toBe('');
});

test('children name their component and share the rest', () => {
  const parent = open({ level: 'debug' });
  const child = parent.child({ component: 'vault' });
  child.info('opened', { keyId: 'k1' });
  expect(child.isDebug()).toBe(true);
  expect(written).toBe('1970-01-01T00:00:00.000Z info  [vault] opened keyId=k1\n');
});

test('everything is redacted: event, keys, texts and errors', () => {
  const secret = 'sk-tr-0123456789abcdef';
  open({ format: 'json' }).error(`event ${secret}`, {
    [`key ${secret}`]: 1,
    text: `got ${secret}`,
    error: new Error(`bad ${secret}`, { cause: { nested: [secret] } }),
  });
  expect(written).toContain('"level":"error"');
  expect(written).not.toContain(secret);
});

test('the file gets the same lines, is private, and is put aside when it is full', async () => {
  const file = path.join(directory(), 'logs', 'tightrope.log');
  const to = open({ file, maxBytes: 2000, maxFiles: 3 });
  for (let i = 0; i < 100; i += 1) to.info('line', { i });
  await to.close();
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  const files = (await readdir(path.dirname(file))).sort();
  expect(files).toEqual(['tightrope.log', 'tightrope.log.1', 'tightrope.log.2']);
  let lines = '';
  for (const name of files.reverse()) {
    const found = await stat(path.join(path.dirname(file), name));
    expect(found.mode & 0o777).toBe(0o600);
    expect(found.size).toBeLessThanOrEqual(2000);
    lines += await readFile(path.join(path.dirname(file), name), 'utf8');
  }
  expect(lines.endsWith('i=99\n')).toBe(true);
  expect(written.endsWith(lines)).toBe(true);
});

test('a file that cannot be written is told once and costs nothing else', async () => {
  const taken = path.join(directory(), 'taken');
  await writeFile(taken, '');
  const to = open({ file: path.join(taken, 'tightrope.log') });
  to.info('first');
  while (!written.includes('log_file_unusable')) await new Promise((resolve) => setImmediate(resolve));
  to.info('still_here');
  expect(written).toContain('still_here');
});

test('a folder in place of the file is told, too', async () => {
  const to = open({ file: directory() });
  to.info('first');
  while (!written.includes('log_file_unusable')) await new Promise((resolve) => setImmediate(resolve));
  to.info('still_here');
  expect(written).toContain('still_here');
});
