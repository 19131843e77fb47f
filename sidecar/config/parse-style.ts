/**
 * How a raw value becomes a candidate for the Config: the parse styles of spec/data-security.md 1.4. A style only reads;
 * bounds and formats are the schema's. Environment and command line give text, TOML gives typed values.
 */
import { absolutePath, type Surroundings } from './paths';

/** What was read. `note` is a sentence part about what was done to the value, for a warning ("the rest is ignored"). */
export interface Reading {
  readonly value: unknown;
  readonly note?: string;
}

/** A way of reading; `null` = unreadable. */
export interface ParseStyle {
  /** What a readable value is, when the schema does not say it in the unit of the variable. */
  readonly rule?: string;
  text(raw: string, surroundings: Surroundings): Reading | null;
  toml(raw: unknown, surroundings: Surroundings): Reading | null;
}

/** A style for values that a TOML file writes as text, too. */
function textual(read: (raw: string, surroundings: Surroundings) => unknown): ParseStyle {
  return {
    text: (raw, surroundings) => ({ value: read(raw, surroundings) }),
    toml: (raw, surroundings) => (typeof raw === 'string' ? { value: read(raw, surroundings) } : null),
  };
}

/** Style S: text as it stands. */
export const text: ParseStyle = textual((raw) => raw);

/** A file or folder, trimmed; made absolute. Empty stays empty for the schema to refuse. */
export const filePath: ParseStyle = {
  rule: 'the path of a file or folder',
  ...textual((raw, surroundings) => {
    const trimmed = raw.trim();
    return trimmed === '' ? '' : absolutePath(trimmed, surroundings);
  }),
};

/** A base URL; trailing slashes are removed (spec/data-security.md 1.4.2). */
export const baseUrl: ParseStyle = textual((raw) => raw.trim().replace(/\/+$/, ''));

/** A forward proxy; a bare `host:port` means `http://host:port`, as in curl. */
export const proxyUrl: ParseStyle = textual((raw) => {
  const trimmed = raw.trim();
  return trimmed.includes('://') ? trimmed : `http://${trimmed}`;
});

/** OAuth scopes; without `offline_access` there is no refresh token (spec/data-security.md 1.4.3). */
export const oauthScope: ParseStyle = textual((raw) => {
  const words = raw.split(/\s+/).filter((word) => word !== '');
  return [...words, ...(words.includes('offline_access') ? [] : ['offline_access'])].join(' ');
});

/** The address to listen on; IPv6 also in brackets, as in a URL. */
export const listenHost: ParseStyle = textual((raw) => /^\[(.+)\]$/.exec(raw)?.[1] ?? raw);

const LEVEL_ALIASES: Readonly<Record<string, string>> = { trace: 'debug', warning: 'warn' };

/** A log level in any case; the original's `trace` and `warning` are understood (spec/data-security.md 13). */
export const logLevel: ParseStyle = textual((raw) => {
  const level = raw.trim().toLowerCase();
  return LEVEL_ALIASES[level] ?? level;
});

/** One word of a fixed set, in any case. */
export const word: ParseStyle = textual((raw) => raw.trim().toLowerCase());

/** A list: comma-separated text or a TOML array of text. */
export function list(entry: (raw: string) => string): ParseStyle {
  const entries = (items: readonly string[]): string[] => items.map((item) => entry(item.trim()));
  const fromText = (raw: string): Reading => ({ value: entries(raw.split(',')).filter((item) => item !== '') });
  return {
    text: fromText,
    toml: (raw) => {
      if (typeof raw === 'string') return fromText(raw);
      return Array.isArray(raw) && raw.every((item) => typeof item === 'string') ? { value: entries(raw) } : null;
    },
  };
}
