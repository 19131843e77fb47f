import fc from 'fast-check';
import { classOfWindow, WINDOW_CLASSES } from '../../../sidecar/quota/window-class';

const DAY = 86_400;

test.each([
  [18_000, 'short'],
  [DAY, 'short'],
  [DAY + 1, 'other'],
  [6 * DAY - 1, 'other'],
  [6 * DAY, 'weekly'],
  [604_800, 'weekly'],
  [8 * DAY, 'weekly'],
  [8 * DAY + 1, 'other'],
  [27 * DAY, 'monthly'],
  [2_592_000, 'monthly'],
  [2_628_000, 'monthly'],
  [32 * DAY, 'monthly'],
  [32 * DAY + 1, 'other'],
  [null, 'other'],
])('a window of %p s is %s', (seconds, expected) => {
  expect(classOfWindow(seconds)).toBe(expected);
});

test('every length has exactly one class', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.integer(), fc.constant(null)), (seconds) => {
      expect(WINDOW_CLASSES).toContain(classOfWindow(seconds));
    }),
  );
});
