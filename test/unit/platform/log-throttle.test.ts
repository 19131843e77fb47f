import { LogThrottle } from '../../../sidecar/platform/log-throttle';
import { recordingLogger } from './recording-logger';

test('each kind has one line a minute, and the next line tells how many were left out', () => {
  const logger = recordingLogger();
  let now = 0;
  const throttle = new LogThrottle(logger, () => now);
  const log = (kind: string): void => {
    throttle.log('warn', 'event', kind, { kind });
  };
  log('full');
  log('full');
  log('busy');
  now = 59_999;
  log('full');
  now = 60_000;
  log('full');
  log('full');
  expect(logger.lines.map(({ facts }) => facts)).toEqual([
    { kind: 'full' },
    { kind: 'busy' },
    { kind: 'full', repeatedSinceLastLine: 2 },
  ]);
});
