/** The runtime log (spec/data-security.md 13). */
import { Type } from '@sinclair/typebox';
import { leadingInteger } from '../number-style';
import { filePath, logLevel, word } from '../parse-style';
import { section } from '../setting';
import { integerFrom, optionalText } from '../value-types';

const MEBIBYTE = 1_048_576;

export const LOGGING = section(
  Type.Object({
    level: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')]),
    format: Type.Union([Type.Literal('text'), Type.Literal('json')]),
    file: optionalText(),
    maxBytes: integerFrom(65_536, 1024 * MEBIBYTE),
    maxFiles: integerFrom(1, 100),
  }),
  {
    level: {
      env: ['TIGHTROPE_LOG_LEVEL'],
      toml: ['log_level', 'logging.level', 'logging.log_level'],
      flag: 'log-level',
      style: logLevel,
      default: 'info',
      about: 'least severe level that is logged',
    },
    format: { env: ['TIGHTROPE_LOG_FORMAT'], style: word, default: 'text', about: 'form of a log line' },
    file: { env: ['TIGHTROPE_LOG_FILE'], style: filePath, default: null, about: 'log file beside stderr' },
    maxBytes: {
      env: ['TIGHTROPE_LOG_MAX_BYTES'],
      style: leadingInteger,
      default: 5 * MEBIBYTE,
      about: 'bytes after which the log file is rotated',
    },
    maxFiles: { env: ['TIGHTROPE_LOG_MAX_FILES'], style: leadingInteger, default: 5, about: 'log files that are kept' },
  },
);
