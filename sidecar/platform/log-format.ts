/** How a log line looks: one line for people, or one JSON object. The facts are redacted already. */

/** The parts of a line. */
export interface LogLine {
  readonly atMs: number;
  readonly level: string;
  readonly component: string;
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Keys of a JSON line that facts cannot take. */
const RESERVED: ReadonlySet<string> = new Set(['ts', 'level', 'component', 'event']);

const LEVEL_WIDTH = 5;

/** `{"ts":…,"level":…,"component":…,"event":…,…facts}`; a fact with one of these names gets a trailing underscore. */
export function jsonLine({ atMs, level, component, event, facts }: LogLine): string {
  const line: Record<string, unknown> = { ts: new Date(atMs).toISOString(), level, component, event };
  for (const [key, value] of Object.entries(facts)) line[RESERVED.has(key) ? `${key}_` : key] = value;
  return JSON.stringify(line);
}

/** `2026-11-24T03:42:40.123Z info  [component] event key=value`; the calls of an unexpected error follow indented. */
export function textLine({ atMs, level, component, event, facts }: LogLine): string {
  const stacks: string[] = [];
  let line = `${new Date(atMs).toISOString()} ${level.padEnd(LEVEL_WIDTH)} [${component}] ${event}`;
  for (const [key, value] of Object.entries(facts)) {
    if (value !== undefined) line += ` ${key}=${asText(value, stacks)}`;
  }
  return stacks.length === 0 ? line : `${line}\n${stacks.join('\n')}`;
}

function asText(value: unknown, stacks: string[]): string {
  if (typeof value === 'string') return quotedIfNeeded(value);
  if (isRenderedError(value)) return quotedIfNeeded(errorText(value, stacks));
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** Quotes keep a value apart from the next key, and JSON's escapes keep a line one line. */
function quotedIfNeeded(text: string): string {
  return /^[^\s"=\p{Cc}\u2028\u2029]+$/u.test(text) ? text : JSON.stringify(text);
}

interface RenderedError {
  readonly name: string;
  readonly code?: unknown;
  readonly message: string;
  readonly stack?: unknown;
  readonly cause?: unknown;
}

function isRenderedError(value: unknown): value is RenderedError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

function errorText(error: RenderedError, stacks: string[]): string {
  const code = typeof error.code === 'string' ? ` [${error.code}]` : '';
  if (typeof error.stack === 'string') stacks.push(error.stack.replace(/^/gm, '    '));
  const cause = isRenderedError(error.cause) ? ` <- ${errorText(error.cause, stacks)}` : '';
  return `${error.name}${code}: ${error.message}${cause}`;
}
