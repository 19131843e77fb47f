/** The visible difference between two texts, as people know it from version control. */
import { createTwoFilesPatch } from 'diff';

const CONTEXT_LINES = 3;

/** A unified diff; empty when nothing differs. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return '';
  const patch = createTwoFilesPatch(file, file, before, after, undefined, undefined, { context: CONTEXT_LINES });
  return patch.slice(patch.indexOf('---'));
}
