/** The TightropeError that a call throws; anything else, and no error at all, fails the test. */
import { TightropeError } from '../../../sidecar/platform/errors';

export function refusalOf(call: () => unknown): TightropeError {
  try {
    call();
  } catch (error) {
    if (error instanceof TightropeError) return error;
    throw error;
  }
  throw new Error('The call did not throw.');
}
