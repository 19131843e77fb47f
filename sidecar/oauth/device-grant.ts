/** The provider's device sign-in: a code to type on another device (spec/data-security.md 6.4; codex-wire 2.10). */
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from '@sinclair/typebox';
import { compile } from '../contract/validate';
import { messageOf } from '../platform/thrown';
import { complete, exchangeCode, type SignedInTokens, type SignInProvider } from './code-grant';
import { callProvider, isSuccess, refusal, type ProviderAnswer } from './provider-call';
import { readTokenGrant } from './token-endpoint';
import { TokenEndpointError } from './token-endpoint-error';

/** What a person types where, and how long it counts. */
export interface DeviceCode {
  readonly deviceAuthId: string;
  readonly userCode: string;
  readonly verificationUrl: string;
  /** Between two polls, ms. */
  readonly intervalMs: number;
  readonly lifetimeMs: number;
}

const BASE = '/api/accounts/deviceauth';
/** Used when the provider names none (spec/admin-api.md 9.1). */
const DEFAULT_INTERVAL_S = 5;
const INTERVAL_BOUNDS_S = { least: 1, most: 60 };
const DEFAULT_LIFETIME_S = 900;
const LONGEST_LIFETIME_S = 3600;
/** Added for every `slow_down` (RFC 8628 3.5). */
const SLOW_DOWN_MS = 5_000;
const PENDING_WORDS: readonly string[] = ['pending', 'authorization_pending', 'slow_down'];
/** A person's no and a code whose time is over end the wait whatever their status. */
const FINAL_WORDS: readonly string[] = ['access_denied', 'authorization_declined', 'expired_token'];
const TIMED_OUT_STATUSES: readonly number[] = [408, 429];

const SHOWN = Type.String({ minLength: 1, maxLength: 512, pattern: '^[\\x21-\\x7e]+$' });
const checkShown = compile(SHOWN, 'device code');

/**
 * Asks for a code.
 * @throws TokenEndpointError `device_auth_unavailable` when the provider does not offer it, else its refusal
 */
export async function requestDeviceCode(provider: SignInProvider, signal: AbortSignal): Promise<DeviceCode> {
  const answer = await callProvider(provider, `${BASE}/usercode`, { json: { client_id: provider.clientId } }, signal);
  if (answer.status === 404) {
    const message = 'The provider does not offer device sign-in for this client. Sign in with a browser instead.';
    throw new TokenEndpointError('device_auth_unavailable', message, { status: 404 });
  }
  if (!isSuccess(answer)) throw refusal(answer);
  const body = fields(answer.body);
  const lifetimeS = readSeconds(body['expires_in']);
  return {
    deviceAuthId: shown(body['device_auth_id'], answer.status),
    userCode: shown(body['user_code'] ?? body['usercode'], answer.status),
    verificationUrl: `${provider.baseUrl}/codex/device`,
    intervalMs: intervalMs(body['interval']),
    lifetimeMs: Math.min(lifetimeS ?? DEFAULT_LIFETIME_S, LONGEST_LIFETIME_S) * 1000,
  };
}

/**
 * Asks again and again until the person has agreed; the caller's signal is what ends the wait. A network that fails in
 * between changes nothing.
 * @throws TokenEndpointError when the provider says no; the signal's reason when it was aborted
 */
export async function awaitDevice(
  provider: SignInProvider,
  device: DeviceCode,
  signal: AbortSignal,
): Promise<SignedInTokens> {
  const json = { device_auth_id: device.deviceAuthId, user_code: device.userCode };
  let intervalMs = device.intervalMs;
  for (;;) {
    await pause(intervalMs, undefined, { signal });
    const answer = await tryCall(provider, json, signal);
    const state = answer === null ? 'pending' : pollState(answer);
    if (state === 'slow_down') intervalMs += SLOW_DOWN_MS;
    if (answer !== null && state === 'refused') throw refusal(answer);
    if (answer !== null && state === 'agreed') return collect(provider, answer, signal);
  }
}

/** `null` when the provider was out of reach. */
async function tryCall(
  provider: SignInProvider,
  json: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ProviderAnswer | null> {
  try {
    return await callProvider(provider, `${BASE}/token`, { json }, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TokenEndpointError) return null;
    throw error;
  }
}

/** What an answer to a poll means (spec 6.4). */
export function pollState(answer: ProviderAnswer): 'pending' | 'slow_down' | 'refused' | 'agreed' {
  const body = fields(answer.body);
  const words = [refusal(answer).code, body['status']].filter((word) => typeof word === 'string');
  if (words.includes('slow_down') || answer.status === 429) return 'slow_down';
  if (words.some((word) => PENDING_WORDS.includes(word))) return 'pending';
  if (isSuccess(answer)) return 'agreed';
  if (words.some((word) => FINAL_WORDS.includes(word))) return 'refused';
  const later = answer.status >= 500 || TIMED_OUT_STATUSES.includes(answer.status);
  return later || answer.status === 403 || answer.status === 404 ? 'pending' : 'refused';
}

/** The provider gives a code with its verifier, or the tokens themselves. */
async function collect(provider: SignInProvider, answer: ProviderAnswer, signal: AbortSignal): Promise<SignedInTokens> {
  const body = fields(answer.body);
  if (body['authorization_code'] === undefined) return complete(readTokenGrant(answer.body, answer.status));
  const code = shown(body['authorization_code'], answer.status);
  const verifier = shown(body['code_verifier'], answer.status);
  return exchangeCode(provider, { code, verifier, redirectUri: `${provider.baseUrl}/deviceauth/callback` }, signal);
}

/** The real service writes the interval as text (spec/admin-api.md G-48). */
function intervalMs(value: unknown): number {
  const { least, most } = INTERVAL_BOUNDS_S;
  return Math.min(Math.max(readSeconds(value) ?? DEFAULT_INTERVAL_S, least), most) * 1000;
}

/** A number, or text that is one; `null` for anything else and for what is not above 0. */
function readSeconds(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

function shown(value: unknown, status: number): string {
  try {
    return checkShown(value);
  } catch (error) {
    const message = `The provider's device answer is not usable. ${messageOf(error)}`;
    throw new TokenEndpointError('invalid_response', message, { status });
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
