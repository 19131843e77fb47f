/** Device sign-in: pending until a test approves it (codex-wire 2.10 OAuth, Device). */
import { randomBytes } from 'node:crypto';
import type { AnswerSink } from './answer-sink';
import { sendJson } from './answer';
import type { AccountState } from './account-state';
import { asJsonObject, asText } from './json-value';
import type { RecordedRequest } from './recorder';

interface DeviceRequest {
  readonly userCode: string;
  readonly verifier: string;
  readonly code: string;
  account: AccountState | null;
  denied: boolean;
  spent: boolean;
}

const BASE = '/api/accounts/deviceauth';

export class DeviceFlow {
  /** Seconds that clients are told to wait between polls. */
  intervalSeconds = 1;
  /** Seconds that a code counts, as told to clients. */
  expiresInSeconds = 900;
  /** `false` answers 404 to whoever asks for a code. */
  offered = true;
  /** How many polls are still told to slow down. */
  slowDowns = 0;
  private readonly requests = new Map<string, DeviceRequest>();

  /** The person has typed the code and agreed. Throws when the code is unknown. */
  approve(userCode: string, account: AccountState): void {
    this.byUserCode(userCode).account = account;
  }

  /** The person has said no. */
  deny(userCode: string): void {
    this.byUserCode(userCode).denied = true;
  }

  /** Codes given out so far, oldest first. */
  get userCodes(): string[] {
    return [...this.requests.values()].map((request) => request.userCode);
  }

  ownerOfCode(code: string): AccountState | undefined {
    return [...this.requests.values()].find((request) => request.code === code)?.account ?? undefined;
  }

  /** Uses up an authorization code; false when it is unknown, spent or comes with the wrong verifier. */
  spendCode(code: string, verifier: string | undefined): boolean {
    const request = [...this.requests.values()].find((entry) => entry.code === code);
    if (request === undefined || request.spent || request.verifier !== verifier) return false;
    request.spent = true;
    return true;
  }

  /** Serves the two device routes; false when the path is another one. */
  answer(request: RecordedRequest, response: AnswerSink): boolean {
    if (request.method !== 'POST') return false;
    if (request.path === `${BASE}/usercode`) this.start(request, response);
    else if (request.path === `${BASE}/token`) this.poll(request, response);
    else return false;
    return true;
  }

  private start(request: RecordedRequest, response: AnswerSink): void {
    if (asText(asJsonObject(request.json)['client_id']) === undefined) {
      return sendJson(response, 400, { error: { message: 'client_id is required', code: 'invalid_request' } });
    }
    if (!this.offered) return sendJson(response, 404, { error: { message: 'Not Found', code: 'not_found' } });
    const deviceAuthId = `deviceauth_${randomBytes(12).toString('hex')}`;
    const userCode = `${randomBytes(2).toString('hex')}-${randomBytes(2).toString('hex')}`.toUpperCase();
    this.requests.set(deviceAuthId, {
      userCode,
      verifier: randomBytes(32).toString('base64url'),
      code: `ac_${randomBytes(24).toString('base64url')}`,
      account: null,
      denied: false,
      spent: false,
    });
    sendJson(response, 200, {
      device_auth_id: deviceAuthId,
      user_code: userCode,
      interval: String(this.intervalSeconds),
      expires_in: this.expiresInSeconds,
    });
  }

  private poll(request: RecordedRequest, response: AnswerSink): void {
    const body = asJsonObject(request.json);
    const found = this.requests.get(asText(body['device_auth_id']) ?? '');
    if (found === undefined || found.userCode !== asText(body['user_code'])) {
      return sendJson(response, 404, { error: { message: 'Unknown device code', code: 'deviceauth_unknown' } });
    }
    if (found.denied) return sendJson(response, 400, { error: { message: 'Access denied', code: 'access_denied' } });
    if (this.slowDowns > 0) {
      this.slowDowns -= 1;
      return sendJson(response, 400, { error: 'slow_down' });
    }
    if (found.account === null) {
      return sendJson(response, 403, {
        error: { message: 'Authorization pending', code: 'deviceauth_authorization_unknown' },
      });
    }
    sendJson(response, 200, { authorization_code: found.code, code_verifier: found.verifier });
  }

  private byUserCode(userCode: string): DeviceRequest {
    const found = [...this.requests.values()].find((request) => request.userCode === userCode);
    if (found === undefined) throw new Error(`no device sign-in with code ${userCode}`);
    return found;
  }
}
