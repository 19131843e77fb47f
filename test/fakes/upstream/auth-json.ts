/** The login file of the Codex CLI (`$CODEX_HOME/auth.json`), as codex-observed "How to drive it" and spec/data-security 4.4 describe it. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AccountState } from './account-state';

export interface AuthJson {
  readonly OPENAI_API_KEY: string | null;
  readonly auth_mode: string;
  readonly tokens: {
    readonly id_token: string;
    readonly access_token: string;
    readonly refresh_token: string;
    readonly account_id: string;
  };
  readonly last_refresh: string;
}

/** The account's newest tokens as an `auth.json` object. */
export function authJsonOf(account: AccountState, lastRefresh: Date = new Date()): AuthJson {
  const { accessToken, refreshToken, idToken } = account.login.current;
  return {
    OPENAI_API_KEY: null,
    auth_mode: 'chatgpt',
    tokens: {
      id_token: idToken,
      access_token: accessToken,
      refresh_token: refreshToken,
      account_id: account.chatgptAccountId,
    },
    last_refresh: lastRefresh.toISOString(),
  };
}

/** Writes `<folder>/<account name>.auth.json` (0600) for each account and returns the paths. */
export async function writeAuthJsonFiles(folder: string, accounts: readonly AccountState[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    accounts.map(async (account) => {
      const file = path.join(folder, `${account.name}.auth.json`);
      await writeFile(file, `${JSON.stringify(authJsonOf(account), null, 2)}\n`, { mode: 0o600 });
      return file;
    }),
  );
}
