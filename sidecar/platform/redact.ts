/**
 * Takes secrets out of text and facts before anybody can read them (spec/data-security.md 13, "Redaction"). Rather one
 * harmless word too many is hidden than one secret shown.
 */
import { types } from 'node:util';
import { TightropeError } from './errors';
import { isMaskedKey, isWorkspaceKey, maskEmail, PATTERNS } from './secret-patterns';

/** What stands where a secret was. */
export const MASK = '***';

/** Nested deeper, longer or larger facts are cut: a log line is no archive. */
const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const MAX_TEXT = 8192;

/** Text beyond this (UTF-16 units) is not even looked at, because only `MAX_TEXT` of it could be shown. */
const MAX_INSPECTED = 65_536;

/** `text` without secrets; e-mail addresses as first character and domain. At most 8,192 characters. */
export function redactText(text: string): string {
  let clean = text.length > MAX_INSPECTED ? text.slice(0, MAX_INSPECTED) : text;
  for (const { needles, pattern, replacement } of PATTERNS) {
    if (needles.some((needle) => clean.includes(needle))) clean = clean.replace(pattern, replacement);
  }
  if (clean.includes('@')) clean = maskEmail(clean);
  return clean.length > MAX_TEXT ? `${clean.slice(0, MAX_TEXT)}… (${text.length} characters)` : clean;
}

/**
 * A copy of `facts` that holds only JSON values and no secrets: values of secret-bearing keys are masked, texts pass
 * `redactText`, errors become objects with name, code, message and their causes.
 */
export function redactFacts(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactEntries(Object.entries(facts), 0, new Set([facts]));
}

type Path = Set<object>;

function redactValue(value: unknown, depth: number, path: Path): unknown {
  switch (typeof value) {
    case 'string':
      return redactText(value);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
      return value.toString();
    case 'symbol':
      return redactText(value.toString());
    case 'function':
      return '[function]';
    case 'object':
      return value === null ? null : redactObject(value, depth, path);
  }
}

function redactObject(value: object, depth: number, path: Path): unknown {
  if (path.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[deeper]';
  path.add(value);
  try {
    return redactKnownObject(value, depth, path);
  } catch {
    // A getter or a proxy that throws must not cost the whole line.
    return '[unreadable]';
  } finally {
    path.delete(value);
  }
}

function redactKnownObject(value: object, depth: number, path: Path): unknown {
  if (types.isNativeError(value) || value instanceof Error) return redactError(value, depth, path);
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? '[invalid date]' : value.toISOString();
  if (value instanceof URL || value instanceof URLSearchParams) return redactText(value.toString());
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return redactArray(value, depth, path);
  if (types.isSet(value)) return redactArray([...value], depth, path);
  if (types.isMap(value) || value instanceof Headers) {
    const entries = [...value].map(([key, item]): [string, unknown] => [String(key), item]);
    return redactEntries(entries, depth, path);
  }
  return redactEntries(Object.entries(value), depth, path);
}

function redactEntries(entries: readonly [string, unknown][], depth: number, path: Path): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of entries.slice(0, MAX_ENTRIES)) {
    clean[redactText(key)] = redactNamed(key, value, depth + 1, path);
  }
  if (entries.length > MAX_ENTRIES) clean['…'] = `${entries.length - MAX_ENTRIES} more`;
  return clean;
}

/** Flat lists of names and values in turn (raw headers) and pairs of them are read as such. */
function redactArray(items: readonly unknown[], depth: number, path: Path): unknown[] {
  const clean = items.slice(0, MAX_ENTRIES).map((item, index) => {
    const before = index === 0 ? undefined : items[index - 1];
    return typeof before === 'string' && typeof item === 'string'
      ? redactNamed(before, item, depth + 1, path)
      : redactValue(item, depth + 1, path);
  });
  if (items.length > MAX_ENTRIES) clean.push(`… ${items.length - MAX_ENTRIES} more`);
  return clean;
}

function redactNamed(key: string, value: unknown, depth: number, path: Path): unknown {
  if (isWorkspaceKey(key) && typeof value === 'string') return value.length > 8 ? `…${value.slice(-4)}` : MASK;
  // Counts, flags and "there is none" are no secrets: inputTokens: 12, hasToken: true, token: null.
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || value === undefined) {
    return redactValue(value, depth, path);
  }
  return isMaskedKey(key, value) ? MASK : redactValue(value, depth, path);
}

function redactError(error: Error, depth: number, path: Path): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? { code: redactText(error.code) } : {};
  return {
    name: redactText(error.name),
    ...code,
    message: redactText(error.message),
    // An expected error is told by its message; the stack is for those that nobody expected.
    ...(error instanceof TightropeError || error.stack === undefined ? {} : { stack: redactStack(error.stack) }),
    ...('details' in error && error.details !== undefined
      ? { details: redactValue(error.details, depth + 1, path) }
      : {}),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1, path) }),
    ...(error instanceof AggregateError ? { errors: redactArray(error.errors, depth + 1, path) } : {}),
  };
}

/** Only the calls: the message is there already. */
function redactStack(stack: string): string {
  const calls = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return redactText(calls.map((line) => line.trim()).join('\n'));
}
