/** Says what is wrong with a value in one sentence: field, rule, kind of what was given. Never the value. */
import type { ErrorObject } from 'ajv';

/** Keys come from the caller: long ones are cut so that an error body stays small. */
const MAX_PATH_CHARACTERS = 120;

/**
 * The error worth telling. A union reports one error per branch and then itself: the deepest error wins (a branch that
 * got furthest is the one the caller meant), and among equals the union, which comes last and names all choices.
 */
export function mostSpecific(errors: readonly ErrorObject[]): ErrorObject | undefined {
  let best: ErrorObject | undefined;
  for (const error of errors) {
    if (
      best === undefined ||
      depth(error) > depth(best) ||
      (depth(error) === depth(best) && error.keyword === 'anyOf')
    ) {
      best = error;
    }
  }
  return best;
}

/** Path of the field as a person writes it: `tokens[0].id`; empty for the value as a whole. */
export function fieldPath(error: ErrorObject): string {
  const steps = pointerSteps(error.instancePath);
  const missing = textParam(error, 'missingProperty') ?? textParam(error, 'additionalProperty');
  if (missing !== undefined) steps.push(missing);
  let path = '';
  for (const step of steps) {
    if (/^\d+$/.test(step)) path += `[${step}]`;
    else path += path === '' ? step : `.${step}`;
  }
  return path.length > MAX_PATH_CHARACTERS ? `${path.slice(0, MAX_PATH_CHARACTERS)}…` : path;
}

/** One sentence for the error. `what` is the noun for the value as a whole, `root` the value that was checked. */
export function describeViolation(error: ErrorObject, what: string, root: unknown): string {
  const path = fieldPath(error);
  const subject = path === '' ? `The ${what}` : `\`${path}\``;
  if (error.keyword === 'required') return `${subject} is required.`;
  if (error.keyword === 'additionalProperties') return `${subject} is not a known field of the ${what}.`;
  const given = error.instancePath === '' ? root : error.data;
  return `${subject} must be ${rule(error)}; it is ${kindOf(given)}.`;
}

/** The kind of a value in words: `a string`, `a fraction`, `null`, `missing`. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty string' : `a string of ${value.length} characters`;
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a fraction';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Rules with one number, the limit. */
const LIMIT_RULES: Readonly<Record<string, (limit: number) => string>> = {
  minLength: (limit) => (limit === 1 ? 'a non-empty string' : `a string of at least ${limit} characters`),
  maxLength: (limit) => `a string of at most ${limit} characters`,
  minItems: (limit) => `an array of at least ${limit}`,
  maxItems: (limit) => `an array of at most ${limit}`,
  minimum: (limit) => `at least ${limit}`,
  maximum: (limit) => `at most ${limit}`,
  exclusiveMinimum: (limit) => `more than ${limit}`,
  exclusiveMaximum: (limit) => `less than ${limit}`,
};

function rule(error: ErrorObject): string {
  const limit: unknown = error.params['limit'];
  if (typeof limit === 'number') return LIMIT_RULES[error.keyword]?.(limit) ?? `within ${error.keyword} ${limit}`;
  switch (error.keyword) {
    case 'type':
      return alternatives(typeNames(error.schema));
    case 'const':
    case 'enum':
    case 'anyOf':
      return alternatives(choices(error.keyword, error.schema));
    case 'format':
      return `a ${String(error.schema)}`;
    case 'pattern':
      return 'in the documented form';
    default:
      return `valid (${error.keyword})`;
  }
}

function choices(keyword: string, schema: unknown): string[] {
  if (keyword === 'const') return [JSON.stringify(schema)];
  if (!Array.isArray(schema)) return ['one of the documented values'];
  const branches: readonly unknown[] = schema;
  return keyword === 'enum' ? branches.map((choice) => JSON.stringify(choice)) : branches.flatMap(branchNames);
}

function branchNames(branch: unknown): string[] {
  if (typeof branch !== 'object' || branch === null) return [];
  if ('const' in branch) return [JSON.stringify(branch.const)];
  if ('anyOf' in branch && Array.isArray(branch.anyOf)) return branch.anyOf.flatMap(branchNames);
  return 'type' in branch ? typeNames(branch.type) : [];
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'an integer',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  null: 'null',
};

function typeNames(type: unknown): string[] {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.map((name) => TYPE_NAMES[String(name)] ?? String(name));
}

function alternatives(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const last = unique.pop();
  if (last === undefined) return 'valid';
  return unique.length === 0 ? last : `${unique.join(', ')} or ${last}`;
}

function depth(error: ErrorObject): number {
  return pointerSteps(error.instancePath).length + (error.keyword === 'required' ? 1 : 0);
}

function pointerSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function textParam(error: ErrorObject, name: string): string | undefined {
  const value: unknown = error.params[name];
  return typeof value === 'string' ? value : undefined;
}
