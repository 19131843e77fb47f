/** One ChatGPT login as the fake's routes see it: who it is, its tokens and what it offers. */
import { randomUUID } from 'node:crypto';
import { floorCatalogue, type CatalogueEntry } from './catalogue-entry';
import { Login } from './login';

export interface FakeAccountOptions {
  readonly email?: string;
  /** Plan name in the claims, codex-wire 2.9; default `pro`. */
  readonly plan?: string;
  readonly chatgptAccountId?: string;
  readonly chatgptUserId?: string;
  /** Lifetime of access tokens in seconds, negative = expired from birth; default 10 days as upstream. */
  readonly accessTokenTtlSeconds?: number;
}

const TEN_DAYS_SECONDS = 10 * 24 * 3600;

export class AccountState {
  readonly login: Login;
  /** What `GET /codex/models` offers to this account. */
  catalogue: readonly CatalogueEntry[] = floorCatalogue();
  /** Body of `GET /wham/usage`; `null` = the standard one of `usage-route.ts`. */
  usage: Readonly<Record<string, unknown>> | null = null;
  /** Reset credits left, codex-wire 2.9. */
  resetCredits = 1;

  constructor(
    readonly name: string,
    options: FakeAccountOptions = {},
  ) {
    this.login = new Login(
      {
        email: options.email ?? `${name}@example.test`,
        chatgptAccountId: options.chatgptAccountId ?? randomUUID(),
        chatgptUserId: options.chatgptUserId ?? `user-${randomUUID()}`,
        plan: options.plan ?? 'pro',
      },
      options.accessTokenTtlSeconds ?? TEN_DAYS_SECONDS,
    );
  }

  get email(): string {
    return this.login.identity.email;
  }

  get chatgptAccountId(): string {
    return this.login.identity.chatgptAccountId;
  }
}
