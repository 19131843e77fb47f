/** Parse styles of numbers and switches (spec/data-security.md 1.4). See parse-style.ts for what a style is. */
import type { ParseStyle, Reading } from './parse-style';

/** A style that a TOML file may write as a number or as the same text as a variable. */
function numeric(fromText: (raw: string) => Reading | null, fromNumber: (raw: number) => Reading): ParseStyle {
  return {
    text: fromText,
    toml: (raw) => {
      if (typeof raw === 'number') return fromNumber(raw);
      return typeof raw === 'string' ? fromText(raw) : null;
    },
  };
}

/** Style I+: the whole text is a decimal integer, nothing around it. */
export const wholeInteger: ParseStyle = numeric(
  (raw) => (/^-?\d+$/.test(raw) ? { value: Number(raw) } : null),
  (value) => ({ value }),
);

/** Style L+: leading digits count as in C's `strtol`; what follows is ignored, with a note. */
export const leadingInteger: ParseStyle = numeric(
  (raw) => leadingNumber(raw, /^\s*[+-]?\d+/),
  (value) => ({ value }),
);

/** Style F+ in seconds, kept in milliseconds. */
export const seconds: ParseStyle = {
  rule: 'a number of seconds, at least 0.001',
  ...numeric(
    (raw) => inMilliseconds(leadingNumber(raw, /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i)),
    (value) => inMilliseconds({ value }),
  ),
};

/** Style L+ with bounds that a value is brought into, in the unit of the variable; `unitMs` converts it. */
export function clampedInteger(least: number, most: number, unitMs: 1 | 1000): ParseStyle {
  const unit = unitMs === 1 ? 'milliseconds' : 'seconds';
  const clamp = (reading: Reading): Reading => {
    const value = Number(reading.value);
    if (!(value > 0)) return { value };
    const clamped = Math.min(most, Math.max(least, value));
    const note = clamped === value ? reading.note : `is brought into its bounds, ${least} to ${most} ${unit}`;
    return { value: clamped * unitMs, ...(note === undefined ? {} : { note }) };
  };
  const read = numeric(
    (raw) => {
      const reading = leadingNumber(raw, /^\s*[+-]?\d+/);
      return reading === null ? null : clamp(reading);
    },
    (value) => clamp({ value }),
  );
  return { rule: `a whole number of ${unit} from ${least} to ${most}`, ...read };
}

const YES = new Set(['1', 'true', 'yes', 'on']);
const NO = new Set(['0', 'false', 'no', 'off']);

/** Style B: a switch; anything but the eight words is unreadable. */
export const flag: ParseStyle = switchStyle(() => null);

/** Style T: off unless it is one of the four words for yes; other words are noted. */
export const onlyYes: ParseStyle = switchStyle(() => ({ value: false, note: 'is no word for yes, so it means off' }));

function switchStyle(other: () => Reading | null): ParseStyle {
  const fromText = (raw: string): Reading | null => {
    const word = raw.trim().toLowerCase();
    if (YES.has(word)) return { value: true };
    return NO.has(word) ? { value: false } : other();
  };
  return {
    text: fromText,
    toml: (raw) => {
      if (typeof raw === 'boolean') return { value: raw };
      if (raw === 0 || raw === 1) return { value: raw === 1 };
      return typeof raw === 'string' ? fromText(raw) : null;
    },
  };
}

function leadingNumber(raw: string, pattern: RegExp): Reading | null {
  const found = pattern.exec(raw)?.[0];
  if (found === undefined) return null;
  const value = Number(found);
  const rest = raw.slice(found.length).trim();
  return rest === '' ? { value } : { value, note: 'has text after the number, which is ignored' };
}

function inMilliseconds(reading: Reading): Reading;
function inMilliseconds(reading: Reading | null): Reading | null;
function inMilliseconds(reading: Reading | null): Reading | null {
  return reading === null ? null : { ...reading, value: Math.round(Number(reading.value) * 1000) };
}
