/** The provider's sign-in page: a person agrees or says no, and the browser is sent back with a code (codex-wire 2.10 OAuth). */
import { createHash, randomBytes } from 'node:crypto';
import type { AccountState } from './account-state';

interface IssuedCode {
  readonly account: AccountState;
  readonly challenge: string;
  readonly redirectUri: string;
  spent: boolean;
}

/** Parameters without which the real page refuses (spec/data-security.md 6.2). */
const REQUIRED = {
  response_type: 'code',
  code_challenge_method: 'S256',
  id_token_add_organizations: 'true',
  codex_cli_simplified_flow: 'true',
} as const;

export class BrowserSignIn {
  private readonly codes = new Map<string, IssuedCode>();

  constructor(private readonly address: () => string) {}

  /** The person signs in and agrees. Returns the address the browser is sent to. Throws when the page would refuse. */
  agree(authorizationUrl: string, account: AccountState): string {
    const query = this.read(authorizationUrl);
    const code = `ac_${randomBytes(24).toString('base64url')}`;
    const redirectUri = this.required(query, 'redirect_uri');
    this.codes.set(code, {
      account,
      challenge: this.required(query, 'code_challenge'),
      redirectUri,
      spent: false,
    });
    return this.back(redirectUri, { code, scope: this.required(query, 'scope'), state: this.required(query, 'state') });
  }

  /** The person says no. */
  deny(authorizationUrl: string, description = 'The user denied the request'): string {
    const query = this.read(authorizationUrl);
    const state = this.required(query, 'state');
    return this.back(this.required(query, 'redirect_uri'), {
      error: 'access_denied',
      error_description: description,
      state,
    });
  }

  ownerOfCode(code: string): AccountState | undefined {
    return this.codes.get(code)?.account;
  }

  /** Uses up a code; false when it is unknown, spent, or comes with another verifier or redirect address. */
  spendCode(code: string, verifier: string | undefined, redirectUri: string | undefined): boolean {
    const issued = this.codes.get(code);
    if (issued === undefined || issued.spent || issued.redirectUri !== redirectUri) return false;
    const challenge = createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url');
    if (challenge !== issued.challenge) return false;
    issued.spent = true;
    return true;
  }

  private read(authorizationUrl: string): URLSearchParams {
    const url = new URL(authorizationUrl);
    if (`${url.origin}${url.pathname}` !== `${this.address()}/oauth/authorize`) {
      throw new Error(`not the sign-in page: ${url.origin}${url.pathname}`);
    }
    for (const [name, value] of Object.entries(REQUIRED)) {
      if (url.searchParams.get(name) !== value) throw new Error(`the sign-in page needs ${name}=${value}`);
    }
    return url.searchParams;
  }

  private required(query: URLSearchParams, name: string): string {
    const value = query.get(name);
    if (value === null || value === '') throw new Error(`the sign-in page needs ${name}`);
    return value;
  }

  private back(redirectUri: string, parameters: Record<string, string>): string {
    const url = new URL(redirectUri);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }
}
