import { createAdmission } from '../../../../sidecar/gateway/turn/admission';

test('the limit holds and a slot given back can be taken again', () => {
  const admission = createAdmission(2);
  const first = admission.enter();
  const second = admission.enter();
  expect(admission.enter()).toBeNull();
  first?.();
  first?.();
  expect(admission.inFlight()).toBe(1);
  expect(admission.enter()).not.toBeNull();
  second?.();
  expect(admission.inFlight()).toBe(1);
});

test('idle resolves at once when nothing runs, else with the last turn', async () => {
  const admission = createAdmission(2);
  await admission.idle();
  const leave = admission.enter();
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
