/** Puts the rule of a setting into words, from its schema. Completes "must be …". */
import { KindGuard, type TSchema } from '@sinclair/typebox';
import type { Setting } from './setting';
import { FORMATS, type FormatName } from './formats';

/** The rule for values of this setting in the unit in which people write them. */
export function ruleText(schema: TSchema, setting: Setting<unknown>): string {
  return setting.style.rule ?? schemaRule(schema);
}

function schemaRule(schema: TSchema): string {
  if (KindGuard.IsUnion(schema)) {
    const branches = schema.anyOf.filter((branch) => !KindGuard.IsNull(branch));
    const words = branches.filter((branch) => KindGuard.IsLiteral(branch)).map((branch) => String(branch.const));
    const [only] = branches;
    return words.length > 0 || only === undefined ? `one of ${words.join(', ')}` : schemaRule(only);
  }
  if (KindGuard.IsInteger(schema)) return `a whole number from ${schema.minimum} to ${schema.maximum}`;
  if (KindGuard.IsBoolean(schema)) return 'true or false (also 1, 0, yes, no, on, off)';
  if (KindGuard.IsString(schema))
    return isFormat(schema.format) ? FORMATS[schema.format].rule : 'text that is not empty';
  return `a list of ${listRule(schema)}`;
}

/** `listOf` is an array of one format, which TypeBox keeps as an opaque type. */
function listRule(schema: TSchema): string {
  const items: unknown = schema['items'];
  const format = typeof items === 'object' && items !== null && 'format' in items ? items.format : undefined;
  return isFormat(format) ? FORMATS[format].rule : 'texts';
}

function isFormat(name: unknown): name is FormatName {
  return typeof name === 'string' && Object.hasOwn(FORMATS, name);
}

/** The kind of a raw value in words. Never the value: it may be a secret at the wrong place. */
export function kindOf(raw: unknown): string {
  if (typeof raw === 'string') return kindOfText(raw);
  if (typeof raw === 'number') return Number.isInteger(raw) ? 'a whole number' : 'a number';
  if (typeof raw === 'boolean') return 'true or false';
  if (Array.isArray(raw)) return 'an array';
  return raw instanceof Date ? 'a date' : 'a table';
}

function kindOfText(raw: string): string {
  if (raw.trim() === '') return 'empty text';
  if (/^-?\d+$/.test(raw)) return 'a whole number';
  return 'text';
}
