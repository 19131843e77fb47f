/**
 * The one place where data from outside meets a schema. Everything behind it may trust the type it gets.
 * Messages name the field, the rule and the kind of what was given, never the value itself: values may be secrets.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Static, TSchema } from '@sinclair/typebox';
import { TightropeError, type ErrorCode } from '../platform/errors';
import { isDateTime } from './date-time';
import { describeViolation, fieldPath, mostSpecific } from './violation';

/** Which code a violation is answered with; `invalid_query` for query strings. */
export interface CompileOptions {
  /** @default 'invalid_field' */
  readonly code?: ErrorCode;
}

/**
 * One instance for the process: it holds compiled schemas and nothing of any request, so sharing it shares no state.
 * Schemas are compiled from copies without `$id` (see `withoutIds`), so nothing is registered under a name either.
 */
const ajv = new Ajv({ strict: true, verbose: true, allowUnionTypes: true, logger: false });
ajv.addFormat('date-time', { type: 'string', validate: isDateTime });

/**
 * Turns a schema into a check. Call it once at start-up, not per request. The schema is compiled when it is first needed:
 * all of them together cost nearly half a second of the start, and a process uses a few.
 *
 * @param what noun for the value as a whole, used in messages: `body`, `query`, `auth.json`.
 * @returns a function that gives the value back with its type, or throws `TightropeError` (`invalid_field` unless the
 *   options say otherwise) with `param` = path of the field (`tokens[0].id`), absent when the whole value is wrong.
 */
export function compile<T extends TSchema>(
  schema: T,
  what: string,
  options: CompileOptions = {},
): (value: unknown) => Static<T> {
  let compiled: ValidateFunction<Static<T>> | null = null;
  const code = options.code ?? 'invalid_field';
  return (value) => {
    const validate = (compiled ??= ajv.compile<Static<T>>(withoutIds(schema)));
    if (validate(value)) return value;
    throw violation(code, what, value, validate.errors ?? []);
  };
}

function violation(code: ErrorCode, what: string, value: unknown, errors: readonly ErrorObject[]): TightropeError {
  const error = mostSpecific(errors);
  if (error === undefined) return new TightropeError(code, { message: `The ${what} is invalid.` });
  const param = fieldPath(error);
  return new TightropeError(code, {
    message: describeViolation(error, what, value),
    ...(param === '' ? {} : { param }),
  });
}

/**
 * A plain copy of the schema without its `$id`s. ajv refuses a schema in which one `$id` occurs twice (an `Account` in
 * two places of one answer), and we never refer by name. A `$ref` would therefore fail here, loudly, at compile time.
 */
function withoutIds(schema: TSchema): Record<string, unknown> {
  const copy: unknown = JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key === '$id' && typeof value === 'string' ? undefined : value)),
  );
  return copy as Record<string, unknown>;
}
