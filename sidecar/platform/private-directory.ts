/** Creates directories that only their owner may enter. */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './thrown';

const MODE = 0o700;

/**
 * Creates `directory` and its missing parents with mode 0700; what exists keeps its mode. Node's own recursive mkdir
 * never returns where the kernel answers ENOENT for a child of an existing directory (`/proc`; seen with 22.23).
 * @throws the file system's error
 */
export async function createPrivateDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, MODE);
  } catch (error) {
    const parent = path.dirname(directory);
    if (codeOf(error) === 'ENOENT' && parent !== directory) {
      await createPrivateDirectory(parent);
      await mkdirUnlessThere(directory);
    } else if (!(await isDirectory(directory))) {
      throw error;
    }
  }
}

/** Somebody else may have been quicker. */
async function mkdirUnlessThere(directory: string): Promise<void> {
  try {
    await mkdir(directory, MODE);
  } catch (error) {
    if (!(await isDirectory(directory))) throw error;
  }
}

async function isDirectory(directory: string): Promise<boolean> {
  try {
    return (await stat(directory)).isDirectory();
  } catch {
    return false;
  }
}
