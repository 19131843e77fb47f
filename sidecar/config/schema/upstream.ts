/** The upstream: where it is, how it is reached, what is sent (spec/data-security.md 1.4.2). */
import { Type } from '@sinclair/typebox';
import { flag, leadingInteger, onlyYes } from '../number-style';
import { baseUrl, filePath, proxyUrl, text } from '../parse-style';
import { section } from '../setting';
import { integerFrom, optionalText, optionalTextLike, textLike } from '../value-types';
import { TIMING_PROPERTIES, TIMING_SETTINGS } from './upstream-timing';

export const UPSTREAM = section(
  Type.Object({
    ...TIMING_PROPERTIES,
    baseUrl: textLike('base-url'),
    requestCompression: Type.Boolean(),
    codexClientVersion: optionalTextLike('client-version'),
    httpsProxy: optionalTextLike('proxy-url'),
    httpProxy: optionalTextLike('proxy-url'),
    noProxy: optionalText(),
    maxTurnsInFlight: integerFrom(1, 100_000),
    modelPricing: optionalTextLike('model-pricing'),
    tracePayload: Type.Boolean(),
    invalidPayloadCaptureDir: optionalText(),
  }),
  {
    ...TIMING_SETTINGS,
    baseUrl: {
      env: ['TIGHTROPE_UPSTREAM_BASE_URL'],
      style: baseUrl,
      default: 'https://chatgpt.com/backend-api',
      badValue: 'refuse',
      about: 'base of proxied calls, model list and usage polls',
    },
    requestCompression: {
      env: ['TIGHTROPE_UPSTREAM_ENABLE_REQUEST_COMPRESSION'],
      style: flag,
      default: false,
      about: 'compress request bodies to the upstream with zstd',
    },
    codexClientVersion: {
      env: ['TIGHTROPE_CODEX_CLIENT_VERSION'],
      style: text,
      default: null,
      about: 'client version that the model list is asked with; otherwise the highest one seen',
    },
    // Lower case first, as curl and Node's own proxy support read them.
    httpsProxy: {
      env: ['https_proxy', 'HTTPS_PROXY'],
      style: proxyUrl,
      default: null,
      secret: 'credentials',
      badValue: 'refuse',
      about: 'forward proxy for https:// targets',
    },
    httpProxy: {
      env: ['http_proxy', 'HTTP_PROXY'],
      style: proxyUrl,
      default: null,
      secret: 'credentials',
      badValue: 'refuse',
      about: 'forward proxy for http:// targets',
    },
    noProxy: {
      env: ['no_proxy', 'NO_PROXY'],
      style: text,
      default: null,
      about: 'hosts that are reached without a forward proxy',
    },
    maxTurnsInFlight: {
      env: ['TIGHTROPE_MAX_TURNS_IN_FLIGHT'],
      style: leadingInteger,
      default: 2048,
      about: 'turns at a time; more are answered 503 proxy_overloaded',
    },
    modelPricing: {
      env: ['TIGHTROPE_ROUTING_PLAN_MODEL_PRICING_USD_PER_MILLION'],
      style: text,
      default: null,
      about: 'prices that replace the built-in ones',
    },
    tracePayload: {
      env: ['TIGHTROPE_PROXY_TRACE_UPSTREAM_PAYLOAD'],
      style: onlyYes,
      default: false,
      about: 'log the beginning of upstream bodies at level debug',
    },
    invalidPayloadCaptureDir: {
      env: ['TIGHTROPE_INVALID_PAYLOAD_CAPTURE_DIR'],
      style: filePath,
      default: null,
      about: 'folder for request bodies that could not be read',
    },
  },
);
