/** How long the data plane waits for the upstream (spec/data-security.md 1.4.2; design §10, §11 "Timeouts"). */
import { clampedInteger, leadingInteger } from '../number-style';
import { integerFrom, milliseconds } from '../value-types';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Properties of the upstream section that are times. */
export const TIMING_PROPERTIES = {
  connectTimeoutMs: milliseconds(),
  timeoutMs: milliseconds(),
  streamIdleTimeoutMs: milliseconds(),
  sseKeepaliveMs: milliseconds(),
  streamBudgetMs: milliseconds(),
  bridgePollTimeoutMs: milliseconds(),
  wsLivenessMs: milliseconds(),
  wsRotateAfterMs: milliseconds(),
  responsesWsIdleTimeoutMs: integerFrom(4_000, 600_000),
  responsesWsHeartbeatIntervalMs: integerFrom(250, 60_000),
};

/** Their settings. */
export const TIMING_SETTINGS = {
  connectTimeoutMs: {
    env: ['TIGHTROPE_UPSTREAM_CONNECT_TIMEOUT_MS'],
    style: leadingInteger,
    default: 10_000,
    about: 'ms to connect to the upstream',
  },
  timeoutMs: {
    env: ['TIGHTROPE_UPSTREAM_TIMEOUT_MS'],
    style: leadingInteger,
    default: 2 * MINUTE_MS,
    about: 'ms for a whole call that is no stream',
  },
  streamIdleTimeoutMs: {
    env: ['TIGHTROPE_STREAM_IDLE_TIMEOUT_MS'],
    style: leadingInteger,
    default: 5 * MINUTE_MS,
    about: 'ms that an upstream stream may be silent',
  },
  sseKeepaliveMs: {
    env: ['TIGHTROPE_SSE_KEEPALIVE_MS'],
    style: leadingInteger,
    default: 10_000,
    about: 'ms of silence after which a client gets a keepalive',
  },
  streamBudgetMs: {
    env: ['TIGHTROPE_STREAM_BUDGET_MS'],
    style: leadingInteger,
    default: 2 * HOUR_MS,
    about: 'ms that a stream may take in all',
  },
  bridgePollTimeoutMs: {
    env: ['TIGHTROPE_UPSTREAM_BRIDGE_POLL_TIMEOUT_MS'],
    style: leadingInteger,
    default: 1_000,
    about: 'ms between two looks at idle and liveness of an upstream socket; kept between 100 and the call timeout',
  },
  wsLivenessMs: {
    env: ['TIGHTROPE_WS_LIVENESS_MS'],
    style: leadingInteger,
    default: 30_000,
    about: 'ms after which an upstream WebSocket must have shown life',
  },
  wsRotateAfterMs: {
    env: ['TIGHTROPE_WS_ROTATE_AFTER_MS'],
    style: leadingInteger,
    default: 55 * MINUTE_MS,
    about: 'ms after which an upstream WebSocket is replaced',
  },
  responsesWsIdleTimeoutMs: {
    env: ['TIGHTROPE_RESPONSES_WS_IDLE_TIMEOUT_SECONDS'],
    toml: ['responses_ws_idle_timeout_seconds', 'upstream.responses_ws_idle_timeout_seconds'],
    style: clampedInteger(4, 600, 1000),
    default: 30_000,
    about: 'seconds that a client WebSocket may be idle',
  },
  responsesWsHeartbeatIntervalMs: {
    env: ['TIGHTROPE_RESPONSES_WS_HEARTBEAT_INTERVAL_MS'],
    style: clampedInteger(250, 60_000, 1),
    default: 5_000,
    about: 'ms between pings to a client WebSocket while its turn runs',
  },
} as const;
