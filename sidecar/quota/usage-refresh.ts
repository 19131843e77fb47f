/** One account's usage, asked with its own login: an old token is replaced once, and a dead account is recognised. */
import { TightropeError } from '../platform/errors';
import type { QuotaAccount, QuotaAccounts } from './quota-ports';
import type { FetchUsage, UsageAnswer } from './usage-client';

export type UsageOutcome =
  | { readonly kind: 'usage'; readonly text: string }
  | { readonly kind: 'deactivated'; readonly code: string; readonly message: string }
  | UsageFailure;

export interface UsageFailure {
  readonly kind: 'failed';
  /** HTTP status, `null` when no answer came. */
  readonly status: number | null;
  readonly code: string;
  readonly message: string;
  /** A new login is needed, or at least a new token. */
  readonly authRequired: boolean;
  /** ms after which upstream wants to be asked again, `null` = not said. */
  readonly retryAfterMs: number | null;
}

export interface UsageRefreshOptions {
  readonly accounts: Pick<QuotaAccounts, 'accessToken' | 'replaceToken'>;
  readonly fetchUsage: FetchUsage;
  /** For everything together, token work included, ms. */
  readonly timeoutMs: number;
}

const DEACTIVATED_CODE = 'account_deactivated';

export class UsageRefresh {
  readonly #options: UsageRefreshOptions;
  readonly #stopped = new AbortController();
  readonly #flights = new Map<string, Promise<UsageOutcome>>();

  constructor(options: UsageRefreshOptions) {
    this.#options = options;
  }

  /** One call per account at a time: whoever asks meanwhile gets its outcome. Rejects only when stopped. */
  run(account: QuotaAccount): Promise<UsageOutcome> {
    const running = this.#flights.get(account.id);
    if (running !== undefined) return running;
    const flight = this.#ask(account).finally(() => this.#flights.delete(account.id));
    this.#flights.set(account.id, flight);
    return flight;
  }

  /** Ends what is under way and waits for it. */
  async stop(): Promise<void> {
    this.#stopped.abort(new TightropeError('shutting_down'));
    await Promise.allSettled(this.#flights.values());
  }

  async #ask(account: QuotaAccount): Promise<UsageOutcome> {
    const bound = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = AbortSignal.any([this.#stopped.signal, bound]);
    try {
      return outcomeOf(await this.#askTwice(account, signal));
    } catch (error) {
      this.#stopped.signal.throwIfAborted();
      if (bound.aborted) return failure(null, 'timeout', `No answer within ${String(this.#options.timeoutMs)} ms.`);
      if (!(error instanceof TightropeError)) throw error;
      const { code, message } = error;
      return { ...failure(null, code, message), authRequired: code === 'token_refresh_failed' };
    }
  }

  /** One 401 may be an old token: it is replaced once. That of a dead account is not. */
  async #askTwice({ id, chatgptAccountId }: QuotaAccount, signal: AbortSignal): Promise<UsageAnswer> {
    const { accounts, fetchUsage } = this.#options;
    const accessToken = await accounts.accessToken(id, signal);
    const answer = await fetchUsage({ accessToken, chatgptAccountId }, signal);
    if (answer.kind !== 'refused' || answer.status !== 401 || isDeactivated(answer)) return answer;
    const renewed = await accounts.replaceToken(id, accessToken, signal);
    return fetchUsage({ accessToken: renewed, chatgptAccountId }, signal);
  }
}

function outcomeOf(answer: UsageAnswer): UsageOutcome {
  if (answer.kind === 'usage') return answer;
  const { status, message, retryAfterMs } = answer;
  const code = answer.code ?? `http_${String(status)}`;
  if (isDeactivated(answer)) return { kind: 'deactivated', code: answer.code ?? DEACTIVATED_CODE, message };
  return { ...failure(status, code, message), authRequired: status === 401, retryAfterMs };
}

/**
 * Only 401 and 403 (spec/admin-api.md 6.7 step 4): a 402 `deactivated_workspace` has been seen to come and go
 * (james-6-23/codex2api#42).
 */
function isDeactivated({ status, code, message }: Extract<UsageAnswer, { kind: 'refused' }>): boolean {
  if (status !== 401 && status !== 403) return false;
  return code === DEACTIVATED_CODE || message.toLowerCase().includes('deactivat');
}

function failure(status: number | null, code: string, message: string): UsageFailure {
  return { kind: 'failed', status, code, message, authRequired: false, retryAfterMs: null };
}
