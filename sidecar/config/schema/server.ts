/** Where the sidecar listens (spec/data-security.md 1.4.1). */
import { Type } from '@sinclair/typebox';
import { wholeInteger } from '../number-style';
import { listenHost, text } from '../parse-style';
import { section } from '../setting';
import { integerFrom, optionalText, textLike } from '../value-types';

export const SERVER = section(
  Type.Object({ host: textLike('listen-host'), port: integerFrom(0, 65_535), connectAddress: optionalText() }),
  {
    host: {
      env: ['TIGHTROPE_HOST'],
      flag: 'host',
      style: listenHost,
      default: '127.0.0.1',
      badValue: 'refuse',
      about: 'address to listen on',
    },
    port: {
      env: ['TIGHTROPE_PORT'],
      flag: 'port',
      style: wholeInteger,
      default: 2455,
      badValue: 'refuse',
      about: 'port to listen on; 0 picks a free one',
    },
    connectAddress: {
      env: ['TIGHTROPE_CONNECT_ADDRESS'],
      style: text,
      default: null,
      about: 'address to show to clients of other machines',
    },
  },
);
