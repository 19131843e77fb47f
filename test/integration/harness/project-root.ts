import { existsSync } from 'node:fs';
import path from 'node:path';

/** The repository: tests run the built files in it. */
export const PROJECT_ROOT = path.resolve(__dirname, '../../..');

const BUNDLE = path.join(PROJECT_ROOT, 'dist', 'tightrope.cjs');
const NODE = path.join(PROJECT_ROOT, 'node_modules', '.bin', 'node');

/** The built command line. Throws with what to do when it is missing. */
export function tightropeBundle(): string {
  if (!existsSync(BUNDLE)) {
    throw new Error(
      'dist/tightrope.cjs is missing: integration tests drive the built sidecar. Run `npm run build` first.',
    );
  }
  return BUNDLE;
}

/** The project's own Node 22. */
export function projectNode(): string {
  return existsSync(NODE) ? NODE : process.execPath;
}
