import { withoutNulls } from '../../../sidecar/contract/null-as-absent';

test('top-level nulls are taken as not given', () => {
  expect(withoutNulls({ a: null, b: 0, c: { d: null } })).toEqual({ b: 0, c: { d: null } });
});

test.each([[null], [undefined], ['text'], [[null]]])('%j is given back', (value) => {
  expect(withoutNulls(value)).toBe(value);
});
