/** Where the Codex CLI of this machine keeps its login and configuration: `CODEX_HOME`, else `~/.codex` (spec/data-security.md 4.4). */
import { homedir } from 'node:os';
import path from 'node:path';
import type { Environment } from './paths';

/** Absolute path of the folder; it need not exist. */
export function codexHome(env: Environment = process.env): string {
  const named = env['CODEX_HOME']?.trim() ?? '';
  return path.resolve(named === '' ? path.join(homedir(), '.codex') : named);
}
