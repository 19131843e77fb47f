/** The login provider (spec/data-security.md 1.4.3). */
import { Type } from '@sinclair/typebox';
import { seconds } from '../number-style';
import { baseUrl, oauthScope, text } from '../parse-style';
import { section } from '../setting';
import { milliseconds, someText, textLike } from '../value-types';

export const OAUTH = section(
  Type.Object({
    baseUrl: textLike('base-url'),
    clientId: textLike('header-text'),
    redirectUri: textLike('web-url'),
    scope: someText(),
    originator: textLike('header-text'),
    timeoutMs: milliseconds(),
  }),
  {
    baseUrl: {
      env: ['TIGHTROPE_AUTH_BASE_URL'],
      style: baseUrl,
      default: 'https://auth.openai.com',
      badValue: 'refuse',
      about: 'base of the authorize, token and device endpoints',
    },
    clientId: {
      env: ['TIGHTROPE_OAUTH_CLIENT_ID'],
      style: text,
      default: 'app_EMoamEEZ73f0CkXaXp7hrann',
      about: 'client id (public client, no secret)',
    },
    redirectUri: {
      env: ['TIGHTROPE_OAUTH_REDIRECT_URI'],
      style: text,
      default: 'http://localhost:1455/auth/callback',
      about: 'where the provider sends the browser back to',
    },
    scope: {
      env: ['TIGHTROPE_OAUTH_SCOPE'],
      style: oauthScope,
      default: 'openid profile email offline_access',
      about: 'scopes, separated by spaces; offline_access is added when it is missing',
    },
    originator: {
      env: ['TIGHTROPE_OAUTH_ORIGINATOR'],
      style: text,
      default: 'codex_chatgpt_desktop',
      about: 'value of the originator query parameter',
    },
    timeoutMs: {
      env: ['TIGHTROPE_OAUTH_TIMEOUT_SECONDS'],
      toml: ['oauth_timeout_seconds', 'oauth.timeout_seconds'],
      style: seconds,
      default: 30_000,
      about: 'seconds for one call to the provider',
    },
  },
);
