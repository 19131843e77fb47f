/** What a person reads when something failed: what happened and what helps, not how the program is built. */
import { TightropeError } from '../platform/errors';
import { redactText } from '../platform/redact';

/** Lines for stderr. The stack of an unexpected error shows only when `debug` is on. */
export function failureText(error: unknown, debug: boolean): string {
  if (!(error instanceof TightropeError) || error.code === 'internal_error') return unexpected(error, debug);
  const nextStep = error.details?.['nextStep'];
  const lines = [`tightrope: ${error.message} (${error.code})`];
  if (typeof nextStep === 'string' && !error.message.includes(nextStep)) lines.push(nextStep);
  if (debug) lines.push(stackOf(error));
  return lines.join('\n');
}

/** For a fault that ends a running process: whoever reports it needs the stack. */
export function crashText(error: unknown): string {
  return `tightrope: stopped by an unexpected failure\n${stackOf(error)}`;
}

function unexpected(error: unknown, debug: boolean): string {
  const cause = error instanceof TightropeError ? (error.cause ?? error) : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const hint = 'Start with --log-level debug for details.';
  return `tightrope: unexpected failure: ${redactText(message)}\n${debug ? stackOf(cause) : hint}`;
}

function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let each = error; each instanceof Error && stacks.length < 5; each = each.cause)
    stacks.push(each.stack ?? each.message);
  return redactText(stacks.length === 0 ? String(error) : stacks.join('\ncaused by '));
}
