/** What the provider sends back with the browser, from a request target or from text that a person pasted. */

/** Empty text counts as absent. */
export interface CallbackQuery {
  readonly code: string | null;
  readonly state: string | null;
  /** The provider's error word. */
  readonly error: string | null;
  readonly errorDescription: string | null;
}

/** Real ones have under 2 kB. */
export const MAX_CALLBACK_CHARS = 16_384;

/**
 * Reads the part after the first `?` (the whole text when there is none but it looks like a query), without a fragment;
 * of repeated names the first counts (spec/data-security.md 6.3).
 */
export function readCallbackQuery(text: string): CallbackQuery {
  const trimmed = text.trim().slice(0, MAX_CALLBACK_CHARS);
  const mark = trimmed.indexOf('?');
  const query = mark === -1 && !trimmed.includes('://') ? trimmed : mark === -1 ? '' : trimmed.slice(mark + 1);
  const values = new URLSearchParams(query.split('#', 1)[0]);
  const value = (name: string): string | null => values.get(name)?.trim() || null;
  return {
    code: value('code'),
    state: value('state'),
    error: value('error'),
    errorDescription: value('error_description'),
  };
}
