/** String formats of the Config: the check and the words for its rule. Messages name the rule, never the value. */
import { isIP } from 'node:net';
import { addressSet, parseHost } from '../platform/peer-address';

interface Format {
  /** Completes "must be …". */
  readonly rule: string;
  readonly matches: (value: string) => boolean;
}

/** Below this an admin token could be guessed; characters. */
const ADMIN_TOKEN_MIN_CHARACTERS = 16;

/** Formats by the name a schema gives them. */
export const FORMATS = {
  'listen-host': {
    rule: 'an IP address or a host name, without scheme and port',
    matches: (value) => isIP(value) !== 0 || (/^[a-z0-9._-]+$/i.test(value) && !/^[0-9.]+$/.test(value)),
  },
  'host-name': {
    rule: 'host names or addresses, each with or without a port',
    matches: (value) => isIP(value) === 6 || parseHost(value) !== null,
  },
  network: {
    rule: 'IP addresses or CIDR networks such as 10.0.0.0/8',
    matches: (value) => addressSet([value]).invalid.length === 0,
  },
  'base-url': {
    rule: 'an http:// or https:// URL without user name, query and fragment',
    matches: (value) => {
      const url = httpUrl(value);
      return url !== null && url.username === '' && url.password === '' && !/[?#]/.test(value);
    },
  },
  'proxy-url': {
    rule: 'the http:// or https:// URL of a proxy, or its host:port',
    matches: (value) => {
      const url = httpUrl(value);
      return url !== null && url.pathname === '/' && url.search === '' && url.hash === '';
    },
  },
  'web-url': { rule: 'an http:// or https:// URL', matches: (value) => httpUrl(value) !== null },
  'data-key': { rule: 'exactly 64 hex digits (32 bytes)', matches: (value) => /^[0-9a-f]{64}$/i.test(value) },
  'admin-token': {
    rule: `at least ${ADMIN_TOKEN_MIN_CHARACTERS} visible ASCII characters without spaces`,
    matches: (value) => value.length >= ADMIN_TOKEN_MIN_CHARACTERS && /^[\x21-\x7e]+$/.test(value),
  },
  'client-version': { rule: 'a version such as 1.2.3', matches: (value) => /^\d+(?:\.\d+)+[a-z0-9.+-]*$/i.test(value) },
  'header-text': { rule: 'visible ASCII characters', matches: (value) => /^[\x21-\x7e]+$/.test(value) },
  'model-pricing': {
    rule: 'entries plan@model=input:output in USD per million tokens, separated by commas',
    matches: (value) => value.split(/[,;]/).every((entry) => entry.trim() === '' || isPriceEntry(entry)),
  },
} as const satisfies Record<string, Format>;

/** Name of a format, as a schema says it. */
export type FormatName = keyof typeof FORMATS;

/** Grammar of spec/data-security.md 3.4. */
function isPriceEntry(entry: string): boolean {
  return /^\s*[^@=\s]+\s*@\s*[^@=\s]+\s*=\s*\d+(?:\.\d+)?\s*:\s*\d+(?:\.\d+)?\s*$/.test(entry);
}

function httpUrl(value: string): URL | null {
  if (!/^https?:\/\/[^\s]+$/i.test(value) || !URL.canParse(value)) return null;
  return new URL(value);
}
