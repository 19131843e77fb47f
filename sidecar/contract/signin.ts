/** Sign-in to the dashboard on the wire (spec/admin-api.md 10.3, spec/data-security.md 7). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

export const SigninRole = Type.Union([Type.Literal('admin'), Type.Literal('reader')], { $id: 'SigninRole' });

export const SigninSession = Type.Object(
  {
    /** Whether this caller may use the dashboard now. */
    authenticated: Type.Boolean(),
    passwordRequired: Type.Boolean(),
    /** The password was right and the code of the second factor is still missing. */
    totpRequiredOnLogin: Type.Boolean(),
    totpConfigured: Type.Boolean(),
    /** `reader` may look and change nothing; `null` while not authenticated. */
    role: Type.Union([SigninRole, Type.Null()]),
    /** Whether there is a second password for people who may only look. */
    readerConfigured: Type.Boolean(),
    /** The first password is set from off this machine only with the bootstrap token. */
    bootstrapRequired: Type.Boolean(),
    /** When the session ends if nothing more is asked, UTC ms; `null` without a session. */
    expiresAtMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  { $id: 'SigninSession', additionalProperties: false },
);
export type SigninSession = Static<typeof SigninSession>;

/** Not trimmed; its length is checked by the service, which says `invalid_password`. */
const password = Type.String({ maxLength: 1024 });
const code = Type.String({ maxLength: 16 });

export const PasswordSetup = Type.Object(
  { password, bootstrapToken: Type.Optional(Type.String({ maxLength: 256 })) },
  { $id: 'PasswordSetup' },
);
export const PasswordOnly = Type.Object({ password }, { $id: 'PasswordOnly' });
export const PasswordChange = Type.Object(
  { currentPassword: password, newPassword: password },
  { $id: 'PasswordChange' },
);
export const TotpCode = Type.Object({ code }, { $id: 'TotpCode' });
export const TotpConfirm = Type.Object({ secret: Type.String({ maxLength: 128 }), code }, { $id: 'TotpConfirm' });

const TotpStart = Type.Object(
  { secret: Type.String(), otpauthUri: Type.String(), qrDataUrl: Type.String() },
  { $id: 'TotpStart', additionalProperties: false },
);
const Done = Type.Object({ status: Type.Literal('ok') }, { $id: 'Done' });

const base = '/api/dashboard-auth';
const tag = 'sign-in';
const session = { 200: SigninSession } as const;

export const signinRoutes: readonly RouteContract[] = [
  { method: 'GET', path: `${base}/session`, tag, summary: 'Say who the caller is', answers: session },
  {
    method: 'POST',
    path: `${base}/password/setup`,
    tag,
    summary: 'Set the first password and sign in',
    body: PasswordSetup,
    answers: session,
    errors: ['invalid_password', 'password_already_configured', 'bootstrap_token_required', 'too_many_attempts'],
  },
  {
    method: 'POST',
    path: `${base}/password/login`,
    tag,
    summary: 'Sign in',
    body: PasswordOnly,
    answers: session,
    errors: ['password_not_configured', 'invalid_credentials', 'too_many_attempts'],
  },
  {
    method: 'POST',
    path: `${base}/password/change`,
    tag,
    summary: 'Change the password and end every other session',
    body: PasswordChange,
    answers: session,
    errors: ['password_not_configured', 'invalid_password', 'invalid_credentials', 'too_many_attempts'],
  },
  {
    method: 'DELETE',
    path: `${base}/password`,
    tag,
    summary: 'Remove the password, the second factor and every session',
    body: PasswordOnly,
    answers: session,
    errors: ['password_not_configured', 'invalid_credentials', 'too_many_attempts'],
  },
  {
    method: 'PUT',
    path: `${base}/reader`,
    tag,
    summary: 'Set the password of people who may only look',
    body: PasswordOnly,
    answers: session,
    errors: ['password_not_configured', 'invalid_password'],
  },
  {
    method: 'DELETE',
    path: `${base}/reader`,
    tag,
    summary: 'Let nobody in who may only look',
    answers: session,
  },
  {
    method: 'POST',
    path: `${base}/totp/setup/start`,
    tag,
    summary: 'Make a secret for the second factor',
    answers: { 200: TotpStart },
    errors: ['auth_required', 'invalid_totp_setup'],
  },
  {
    method: 'POST',
    path: `${base}/totp/setup/confirm`,
    tag,
    summary: 'Store the secret once a code proves it',
    body: TotpConfirm,
    answers: session,
    errors: ['auth_required', 'invalid_totp_setup', 'invalid_totp_code', 'too_many_attempts'],
  },
  {
    method: 'POST',
    path: `${base}/totp/verify`,
    tag,
    summary: 'Complete a sign-in with a code',
    body: TotpCode,
    answers: session,
    errors: ['auth_required', 'invalid_totp_code', 'too_many_attempts'],
  },
  {
    method: 'POST',
    path: `${base}/totp/disable`,
    tag,
    summary: 'Remove the second factor',
    body: TotpCode,
    answers: session,
    errors: ['auth_required', 'invalid_totp_code', 'too_many_attempts'],
  },
  { method: 'POST', path: `${base}/logout`, tag, summary: 'End the session', answers: { 200: Done } },
];
