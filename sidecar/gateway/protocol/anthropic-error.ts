/** Errors as Anthropic's API writes them: `{"type":"error","error":{"type","message"},"request_id"}`. */
import type { WireError } from '../../platform/errors';

/** `error.type` by status (Anthropic API reference, "Errors"); Claude Code and the SDK act on status and type. */
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** The envelope. Our own code and the fields of a limit (`resets_at`) stay readable in `error`. */
export function anthropicErrorBody(error: WireError, requestId: string): Readonly<Record<string, unknown>> {
  const { status } = error;
  const type = TYPES[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return {
    type: 'error',
    error: {
      ...error.details,
      type,
      message: error.message,
      code: error.code,
      ...(error.param === undefined ? {} : { param: error.param }),
    },
    request_id: requestId,
  };
}
