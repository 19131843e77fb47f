/** The page a browser lands on after the provider: plain HTML without script, style or links, everything escaped. */

/** What became of a callback. `message` may quote the provider. */
export interface CallbackResult {
  readonly ok: boolean;
  readonly message: string;
}

/** Headers that keep the page to itself: no other site frames it, nothing of its address is passed on (spec/admin-api.md 9.7). */
export const CALLBACK_PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const MAX_MESSAGE_CHARS = 600;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The whole document. */
export function callbackPage({ ok, message }: CallbackResult): string {
  const title = ok ? 'OAuth Success' : 'OAuth Error';
  const heading = ok ? 'Sign-in complete' : 'Sign-in did not work';
  const next = ok ? 'You can close this tab and return to Tightrope.' : 'Return to Tightrope and start again.';
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><title>${title}</title></head>`,
    `<body><h1>${heading}</h1><p>${escapeHtml(message.slice(0, MAX_MESSAGE_CHARS))}</p><p>${next}</p></body>`,
    '</html>',
    '',
  ].join('\n');
}

/** Text as it may stand between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
