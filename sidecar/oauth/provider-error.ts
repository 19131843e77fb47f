/** Code and message of an OAuth error body, in the places where the provider has been seen to put them (spec 6.6). */
import { redactText } from '../platform/redact';

/** A refusal in the provider's words, bounded and cleaned of anything that looks like a secret. */
export interface ProviderError {
  readonly code: string;
  readonly message: string;
}

const MAX_CODE_CHARS = 64;
const MAX_MESSAGE_CHARS = 300;
const CODE = /^[\w.-]+$/;

/** `{"error":"code","error_description":"…"}` of RFC 6749, `{"error":{"code","message"}}` and their relatives. */
export function readProviderError(body: unknown, status: number): ProviderError {
  const outer = fields(body);
  const inner = fields(outer['error']);
  const code = firstText([outer['error'], outer['error_code'], outer['code'], inner['code'], inner['error']]);
  const message = firstText([
    outer['message'],
    outer['error_description'],
    outer['error'],
    inner['message'],
    inner['error_description'],
  ]);
  return {
    code: code !== null && code.length <= MAX_CODE_CHARS && CODE.test(code) ? code : `http_${status}`,
    message: redactText(message?.slice(0, MAX_MESSAGE_CHARS) ?? `The token endpoint answered HTTP ${status}.`),
  };
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function firstText(values: readonly unknown[]): string | null {
  for (const value of values) {
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
}
