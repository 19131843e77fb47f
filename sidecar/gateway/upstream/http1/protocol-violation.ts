/** The upstream's bytes are not HTTP/1.1 as RFC 9112 has it. */

/** `subject` names what was wrong; the bytes themselves are not kept. */
export class ProtocolViolation extends Error {
  /** As it stands in logs and attempt records. */
  readonly code = 'UPSTREAM_PROTOCOL_ERROR';

  constructor(readonly subject: string) {
    super(`The upstream's answer is not valid HTTP: ${subject}.`);
  }
}
