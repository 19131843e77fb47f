/** Reads the body of a refused call: JSON in any of its shapes, a sentence, or a page of HTML (proxy.md 1.7.2, 1.7.4). */
import { readErrorFacts, type UpstreamErrorFacts } from '../protocol/upstream-error';

/** What a refused body says. */
export interface ErrorBody {
  readonly facts: UpstreamErrorFacts | null;
  /** A page of some gateway in front of the upstream: nothing in it is for the client. */
  readonly isHtml: boolean;
}

/** Longest message that goes on to clients and logs, characters. */
export const MAX_MESSAGE_LENGTH = 2000;

/** Never throws. `facts` is `null` for an empty body, a page, or JSON without an error in it. */
export function readErrorBody(bodyText: string): ErrorBody {
  const text = bodyText.trim();
  if (text === '') return { facts: null, isHtml: false };
  if (/^<(?:!doctype|html|head|body|\?xml)/i.test(text)) return { facts: null, isHtml: true };
  const value = parse(text);
  if (value !== undefined) return { facts: readErrorFacts(value), isHtml: false };
  return { facts: readErrorFacts({ message: text.slice(0, MAX_MESSAGE_LENGTH) }), isHtml: false };
}

function parse(text: string): unknown {
  if (!text.startsWith('{') && !text.startsWith('[')) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // Cut or broken JSON is shown as the text it is.
  }
}
