import { existsSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_ROOT } from '../integration/harness/project-root';

/** The real Codex CLI, installed by `npm test` on first use. Throws with what to do when it is missing. */
export function codexProgram(): string {
  const program = path.join(PROJECT_ROOT, '.cache', 'tools', 'codex', 'node_modules', '.bin', 'codex');
  if (existsSync(program)) return program;
  throw new Error('The Codex CLI is not installed. `npm test` does it, or: node build/tools.mjs codex');
}
