/** Where `npm test` has put this machine's executable. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../integration/harness/project-root';

/** Throws with what to do when there is none. */
export function executable(): string {
  const release = path.join(PROJECT_ROOT, 'release');
  const system = { darwin: 'macos', win32: 'win' }[String(process.platform)] ?? process.platform;
  const name = `tightrope-${system}-${process.arch}`;
  const found = readdirSync(release).find((file) => file === name || file === `${name}.exe`);
  if (found === undefined) throw new Error(`release/${name} is missing. Run: npm run package`);
  return path.join(release, found);
}
