import { createAdmission } from '../../../../sidecar/gateway/turn/admission';

test('the limit holds and a slot given back can be taken again', () => {
  const admission = createAdmission(2);
  const first = admission.enter(null);
  const second = admission.enter(null);
  expect(admission.enter(null)).toBeNull();
  first?.();
  first?.();
  expect(admission.inFlight()).toBe(1);
  expect(admission.enter(null)).not.toBeNull();
  second?.();
  expect(admission.inFlight()).toBe(1);
});

test('idle resolves at once when nothing runs, else with the last turn', async () => {
  const admission = createAdmission(2);
  await admission.idle();
  const leave = admission.enter(null);
  let idle = false;
  const waiting = admission.idle().then(() => {
    idle = true;
  });
  await Promise.resolve();
  expect(idle).toBe(false);
  leave?.();
  await waiting;
  expect(idle).toBe(true);
});
