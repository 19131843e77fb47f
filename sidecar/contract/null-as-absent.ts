/** `null` in a request body means "not given" unless a route says otherwise (spec/admin-api.md 2.1). */

/** The object without its top-level members that are `null`; anything but an object is given back as it is. */
export function withoutNulls(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}
