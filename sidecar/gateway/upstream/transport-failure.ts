/** What a failure without a response, or in the middle of one, means: by the code of the transport or of the relay. */
import { ERRORS, type ErrorCode } from '../../platform/errors';

/** The part of a classification that a transport code decides. */
export interface TransportJudgement {
  readonly blame: 'network' | 'upstream' | 'local';
  readonly code: ErrorCode;
  readonly message: string;
  readonly type: string;
  readonly retry: 'same_account' | 'none';
  readonly clientStatus: number;
}

type Row = readonly [code: ErrorCode, blame: TransportJudgement['blame'], retry: TransportJudgement['retry']];

/** Codes of the relay and of undici. Whoever waited for minutes in vain is told so instead of being made to wait again. */
const ROWS: Readonly<Record<string, Row>> = {
  stream_incomplete: ['stream_incomplete', 'upstream', 'same_account'],
  upstream_incomplete: ['upstream_incomplete', 'upstream', 'same_account'],
  stream_idle_timeout: ['stream_idle_timeout', 'upstream', 'none'],
  upstream_request_timeout: ['upstream_request_timeout', 'upstream', 'none'],
  upstream_response_too_large: ['upstream_response_too_large', 'upstream', 'none'],
  UND_ERR_HEADERS_TIMEOUT: ['upstream_request_timeout', 'upstream', 'none'],
  UND_ERR_BODY_TIMEOUT: ['stream_idle_timeout', 'upstream', 'none'],
  UND_ERR_CONNECT_TIMEOUT: ['upstream_request_timeout', 'network', 'same_account'],
  ETIMEDOUT: ['upstream_request_timeout', 'network', 'same_account'],
  UND_ERR_INVALID_ARG: ['internal_error', 'local', 'none'],
};
const UNREACHABLE: Row = ['upstream_unavailable', 'network', 'same_account'];
const UNTRUSTED: Row = ['upstream_unavailable', 'network', 'none'];

/** OpenSSL's and Node's names for a certificate that is not trusted: another try cannot help, a setting can. */
const CERTIFICATE_CODE = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_(?:VERIFY|GET_ISSUER)/;

/** Codes that are not in the table are those of sockets and name look-up: the upstream could not be reached. */
export function judgeTransport(transportCode: string): TransportJudgement {
  const isUntrusted = CERTIFICATE_CODE.test(transportCode);
  const known = Object.hasOwn(ROWS, transportCode) ? ROWS[transportCode] : undefined;
  const [code, blame, retry] = isUntrusted ? UNTRUSTED : (known ?? UNREACHABLE);
  const { message, status, type } = ERRORS[code];
  const cause = code === transportCode ? '' : ` (${transportCode})`;
  const advice = isUntrusted ? ' Its certificate is not trusted: name your own CA in NODE_EXTRA_CA_CERTS.' : '';
  return { blame, code, message: `${message}${cause}${advice}`, type, retry, clientStatus: status };
}
