import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../../../sidecar/platform/atomic-file';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();

test('the file has the new content and the given mode, whatever was there', async () => {
  const file = path.join(directory(), 'file');
  await writeFile(file, 'old', { mode: 0o644 });
  await writeFileAtomic(file, 'new', 0o600);
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(directory())).toEqual(['file']);
});

test('the mode holds whatever the umask is', async () => {
  const before = process.umask(0o077);
  try {
    const file = path.join(directory(), 'file');
    await writeFileAtomic(file, Buffer.from([1, 2]), 0o644);
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  } finally {
    process.umask(before);
  }
});

test('a failure leaves nothing behind', async () => {
  await mkdir(path.join(directory(), 'taken'));
  await expect(writeFileAtomic(path.join(directory(), 'taken'), 'x', 0o600)).rejects.toThrow();
  expect(await readdir(directory())).toEqual(['taken']);
});

test('readers never see a part of it', async () => {
  const file = path.join(directory(), 'file');
  const texts = ['a', 'b'].map((letter) => letter.repeat(100_000));
  await writeFileAtomic(file, texts[0] ?? '', 0o600);
  const writing = (async () => {
    for (let i = 0; i < 10; i += 1) await writeFileAtomic(file, texts[i % 2] ?? '', 0o600);
  })();
  let done = false;
  void writing.then(() => (done = true));
  while (!done) expect(texts).toContain(await readFile(file, 'utf8'));
  await writing;
});
