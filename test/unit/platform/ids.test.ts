import { uuidv7 } from '../../../sidecar/platform/ids';

const SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are version 7, sort in the order of their making and never repeat', () => {
  const ids = Array.from({ length: 20_000 }, () => uuidv7());
  expect(ids.every((id) => SHAPE.test(id))).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an id begins with the time of its making', () => {
  const before = Date.now();
  const id = uuidv7();
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  expect(ms).toBeGreaterThanOrEqual(before);
});

test('when the clock steps back, ids go on where they were', () => {
  const late = uuidv7(Date.now() + 1000);
  const early = uuidv7(Date.now() - 60_000);
  expect(early > late).toBe(true);
  expect(early.slice(0, 13)).toBe(late.slice(0, 13));
});
