/** Keeps every run: bench-results/<date>.json. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../targets/project';
import type { MachineFacts } from './machine';
import type { JudgedScenario } from './summary';

export interface RunRecord {
  readonly at: string;
  readonly machine: MachineFacts;
  readonly smoke: boolean;
  readonly scenarios: readonly JudgedScenario[];
}

/** Returns the file's path. */
export async function saveResults(record: RunRecord): Promise<string> {
  const folder = path.join(projectRoot(), 'bench-results');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, `${record.at.replaceAll(':', '-').slice(0, 19)}.json`);
  await writeFile(file, `${JSON.stringify(record, null, 1)}\n`);
  return file;
}
