/** Under congestion one API key cannot shut the others out (issue "fair share under congestion"). */
import { createAdmission } from '../../../../sidecar/gateway/turn/admission';

test('alone, a key takes everything', () => {
  const admission = createAdmission(8);
  const entered = Array.from({ length: 10 }, () => admission.enter('a')).filter((leave) => leave !== null);
  expect(entered).toHaveLength(8);
});

test('in a crowd, who has a share waits and who has none gets in', () => {
  const admission = createAdmission(8);
  const busy = Array.from({ length: 6 }, () => admission.enter('a'));
  expect(busy).not.toContain(null);
  const other = admission.enter('b');
  expect(other).not.toBeNull();
  expect(admission.enter('a')).toBeNull();
  expect(admission.enter(null)).not.toBeNull();
  expect(admission.enter('b')).toBeNull();
  expect(admission.inFlight()).toBe(8);
});

test('when the crowd has gone, the key may take more again', () => {
  const admission = createAdmission(8);
  const busy = Array.from({ length: 6 }, () => admission.enter('a'));
  const other = admission.enter('b');
  expect(admission.enter('a')).toBeNull();
  other?.();
  expect(admission.enter('a')).not.toBeNull();
  for (const leave of busy) leave?.();
  expect(admission.inFlight()).toBe(1);
});
