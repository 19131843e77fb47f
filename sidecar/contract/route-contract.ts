/** The shape in which every admin route is declared: one declaration gives the check, the tests' check and the OpenAPI entry. */
import type { TSchema } from '@sinclair/typebox';
import type { ErrorCode } from '../platform/errors';

export type AdminMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RouteContract {
  readonly method: AdminMethod;
  /** Whole path, parameters in braces: `/api/accounts/{id}`. */
  readonly path: string;
  /** Groups routes in the reference: `accounts`, `keys` … */
  readonly tag: string;
  /** One short sentence in the imperative, without a full stop. */
  readonly summary: string;
  /** Object schema of the query; left out = the route takes none. */
  readonly query?: TSchema;
  /** Schema of the JSON body; left out = the route takes none. */
  readonly body?: TSchema;
  /** Body by status; `null` = an answer that is no JSON (empty, a file, a page). */
  readonly answers: Readonly<Record<number, TSchema | null>>;
  /** Codes of the errors that are this route's own; those of the guard and of bad input go without saying. */
  readonly errors?: readonly ErrorCode[];
}
