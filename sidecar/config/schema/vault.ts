/** How stored tokens are sealed (spec/data-security.md 1.4.6, 5.6; design §11 "Vault"). */
import { Type } from '@sinclair/typebox';
import { flag } from '../number-style';
import { filePath, text } from '../parse-style';
import { section } from '../setting';
import { optionalText, optionalTextLike } from '../value-types';

export const VAULT = section(
  Type.Object({
    keyHex: optionalTextLike('data-key'),
    keyFile: optionalText(),
    keyFilePassphrase: optionalText(),
    requireEncryptedAtRest: Type.Union([Type.Boolean(), Type.Null()]),
    migratePlaintextOnRead: Type.Boolean(),
  }),
  {
    keyHex: {
      env: ['TIGHTROPE_TOKEN_ENCRYPTION_KEY_HEX'],
      style: text,
      default: null,
      secret: 'whole',
      badValue: 'refuse',
      about: 'the data key itself',
    },
    keyFile: {
      env: ['TIGHTROPE_TOKEN_ENCRYPTION_KEY_FILE'],
      style: filePath,
      default: null,
      badValue: 'refuse',
      about: 'file with the data key; otherwise token-key in the data directory, made at the first start',
    },
    keyFilePassphrase: {
      env: ['TIGHTROPE_TOKEN_ENCRYPTION_KEY_FILE_PASSPHRASE'],
      style: text,
      default: null,
      secret: 'whole',
      badValue: 'refuse',
      about: 'passphrase of the key file',
    },
    requireEncryptedAtRest: {
      env: ['TIGHTROPE_TOKEN_ENCRYPTION_REQUIRE_ENCRYPTED_AT_REST'],
      style: flag,
      default: null,
      about: 'refuse tokens that are stored unsealed',
    },
    migratePlaintextOnRead: {
      env: ['TIGHTROPE_TOKEN_ENCRYPTION_MIGRATE_PLAINTEXT_ON_READ'],
      style: flag,
      default: true,
      about: 'seal an unsealed stored token when it is read',
    },
  },
);
