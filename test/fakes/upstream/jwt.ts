/** Unsigned but well-formed JWTs, as the Codex CLI and Tightrope accept them (codex-observed "How to drive it"). */

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A three-part token with the given claims; the signature is a constant and proves nothing. */
export function mintJwt(claims: Readonly<Record<string, unknown>>): string {
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.${Buffer.from('unsigned').toString('base64url')}`;
}
