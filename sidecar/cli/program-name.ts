/** How a person starts this program, so that an example can be typed as it is shown. */
import path from 'node:path';

/** What is known of the process. */
export interface ProgramFacts {
  /** `process.argv[1]` */
  readonly script: string;
  /** `process.execPath` */
  readonly executable: string;
  readonly cwd: string;
  /** Whether script and runtime are one executable file. */
  readonly packed: boolean;
}

/** `tightrope` when it is installed under that name, else what starts the script or the executable from here. */
export function programName({ script, executable, cwd, packed }: ProgramFacts): string {
  if (packed) return nearer(executable, cwd);
  return /\.[cm]?js$/.test(script) ? `node ${nearer(script, cwd)}` : 'tightrope';
}

/** The shorter of the path as it is and the path from here. */
function nearer(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  const fromHere = relative.includes(path.sep) ? relative : `.${path.sep}${relative}`;
  return fromHere.length < file.length ? fromHere : file;
}
