/** The lock over the stored logins on the wire (spec/admin-api.md 5.3, 11.3; design §11 "Vault"). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

export const DatabaseStatus = Type.Object(
  {
    /** `encrypted`: a passphrase protects the key of the logins; `plaintext`: the key lies open in its file (0600). */
    state: Type.Union([Type.Literal('plaintext'), Type.Literal('encrypted')]),
    locked: Type.Boolean(),
    /** What a passphrase can do now: `unlock` it, or `setup` the protection; `null` = nothing. */
    mode: Type.Union([Type.Literal('setup'), Type.Literal('unlock'), Type.Null()]),
    dbPath: Type.String(),
    /** Attempts before a pause; `null` while not locked. */
    attemptsRemaining: Type.Union([Type.Integer(), Type.Null()]),
    /** What is left of a pause, ms. */
    retryAfterMs: Type.Integer(),
  },
  { $id: 'DatabaseStatus', additionalProperties: false },
);
export type DatabaseStatus = Static<typeof DatabaseStatus>;

const passphrase = Type.String({ maxLength: 1024 });

export const PassphraseSetup = Type.Object({ passphrase, confirmation: passphrase }, { $id: 'PassphraseSetup' });
export const PassphraseOnly = Type.Object({ passphrase: Type.Optional(passphrase) }, { $id: 'PassphraseOnly' });

/** Older spellings: `current_passphrase`, `next_passphrase`, `newPassphrase`, `new_passphrase`. */
export const PassphraseChange = Type.Object(
  {
    currentPassphrase: Type.Optional(passphrase),
    current_passphrase: Type.Optional(passphrase),
    nextPassphrase: Type.Optional(passphrase),
    next_passphrase: Type.Optional(passphrase),
    newPassphrase: Type.Optional(passphrase),
    new_passphrase: Type.Optional(passphrase),
  },
  { $id: 'PassphraseChange' },
);

const Ok = Type.Object({ status: Type.Literal('ok') });
const SetUp = Type.Object({ status: Type.Literal('ok'), migratedPlaintext: Type.Boolean() });
const Locked = Type.Object({ status: Type.Literal('locked') });
const tag = 'database';

export const vaultRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/database/status',
    tag,
    summary: 'Say whether the stored logins are locked',
    answers: { 200: DatabaseStatus },
  },
  {
    method: 'POST',
    path: '/api/database/setup',
    tag,
    summary: 'Protect the stored logins with a passphrase',
    body: PassphraseSetup,
    answers: { 200: SetUp },
    errors: ['invalid_passphrase', 'passphrase_mismatch', 'database_already_encrypted', 'passphrase_not_supported'],
  },
  {
    method: 'POST',
    path: '/api/database/unlock',
    tag,
    summary: 'Unlock the stored logins',
    body: PassphraseOnly,
    answers: { 200: Ok },
    errors: ['missing_passphrase', 'database_unlock_failed', 'database_not_initialized', 'too_many_attempts'],
  },
  {
    method: 'POST',
    path: '/api/database/lock',
    tag,
    summary: 'Forget the key of the stored logins until somebody unlocks them',
    answers: { 200: Locked },
    errors: ['database_not_initialized'],
  },
  {
    method: 'POST',
    path: '/api/settings/database/passphrase',
    tag,
    summary: 'Change the passphrase',
    body: PassphraseChange,
    answers: { 200: Ok },
    errors: [
      'missing_current_passphrase',
      'invalid_next_passphrase',
      'passphrase_unchanged',
      'invalid_current_passphrase',
      'database_not_initialized',
      'passphrase_not_supported',
      'too_many_attempts',
    ],
  },
];
