/** What a person who has just started the sidecar can do next. */
import type { Call } from './command';
import { alignedLines } from './terminal';

/** Facts of a start. */
export interface StartFacts {
  /** `http://127.0.0.1:2455` */
  readonly address: string;
  /** How many accounts there are. */
  readonly accounts: number;
  readonly dataDirectory: string;
  /** How a person starts this program. */
  readonly program: string;
  /** Options of the start: another command must find the same data directory. */
  readonly values: Call['values'];
}

/** Lines for stderr. */
export function nextSteps({ address, accounts, dataDirectory, program, values }: StartFacts): string {
  const lines = alignedLines([
    ['  Dashboard', `${address}/`],
    ['  Codex', `base_url = "${address}/backend-api/codex"`],
    ['  OpenAI SDKs', `base_url = "${address}/v1"`],
    ['  Data', dataDirectory],
  ]);
  if (accounts === 0) {
    const sameData = (['db', 'config'] as const).flatMap((name) => {
      const value = values[name];
      return value === undefined ? [] : [`--${name} ${shellWord(value)} `];
    });
    lines.push('', 'No accounts yet. Import the login of a Codex CLI:');
    lines.push(`  ${program} accounts import ${sameData.join('')}~/.codex/auth.json`);
  }
  return lines.join('\n');
}

/** As one word of a POSIX shell. */
function shellWord(value: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
