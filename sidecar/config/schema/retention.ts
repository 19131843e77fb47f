/** How long records are kept (spec/data-security.md 2.9; design §11 "Events"). */
import { Type } from '@sinclair/typebox';
import { wholeInteger } from '../number-style';
import { section } from '../setting';
import { integerFrom } from '../value-types';

/** Ten years. */
const MOST_DAYS = 3_650;

export const RETENTION = section(
  Type.Object({ requestLogDays: integerFrom(1, MOST_DAYS), eventDays: integerFrom(1, MOST_DAYS) }),
  {
    requestLogDays: {
      env: ['TIGHTROPE_REQUEST_LOG_RETENTION_DAYS'],
      style: wholeInteger,
      default: 30,
      about: 'days that a row of the request log is kept',
    },
    eventDays: {
      env: ['TIGHTROPE_EVENT_RETENTION_DAYS'],
      style: wholeInteger,
      default: 30,
      about: 'days that a runtime event is kept',
    },
  },
);
