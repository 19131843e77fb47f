/** Where the project's own programs are, seen from a bundle anywhere below its root. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of package.json. */
export function projectRoot(from: string = __dirname): string {
  if (existsSync(path.join(from, 'package.json'))) return from;
  const parent = path.dirname(from);
  if (parent === from) throw new Error('no package.json above the bench');
  return projectRoot(parent);
}

/** The Node that the sidecar is shipped with. */
export function shippedNode(): string {
  return path.join(projectRoot(), 'node_modules', '.bin', 'node');
}

/** The built sidecar; `npm run bench` has built it. */
export function sidecarBundle(): string {
  return path.join(projectRoot(), 'dist', 'tightrope.cjs');
}
