import { Type, type TSchema } from '@sinclair/typebox';
import { AccountImportRequest, AccountImportResults, AccountList } from '../../../sidecar/contract/account';
import { compile, type CompileOptions } from '../../../sidecar/contract/validate';
import { TightropeError } from '../../../sidecar/platform/errors';

const SECRET = 'sk-very-secret-value';

function refusal(schema: TSchema, value: unknown, options?: CompileOptions): TightropeError {
  const check = compile(schema, 'body', options);
  try {
    check(value);
  } catch (error) {
    if (error instanceof TightropeError) return error;
    throw error;
  }
  throw new Error('The value was accepted.');
}

const Sample = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 5 }),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 9 })),
  mode: Type.Optional(Type.Union([Type.Literal('update'), Type.Literal('skip')])),
  when: Type.Optional(Type.String({ format: 'date-time' })),
  note: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  items: Type.Optional(Type.Array(Type.Object({ id: Type.String() }), { maxItems: 2 })),
});

test('a fitting value is given back as it is', () => {
  const value = { name: 'a', count: 3, note: null, items: [{ id: 'x' }], extra: 1 };
  expect(compile(Sample, 'body')(value)).toBe(value);
});

test.each([
  [{}, 'name', '`name` is required.'],
  [{ name: 5 }, 'name', '`name` must be a string; it is an integer.'],
  [{ name: '' }, 'name', '`name` must be a non-empty string; it is an empty string.'],
  [{ name: SECRET }, 'name', '`name` must be a string of at most 5 characters; it is a string of 20 characters.'],
  [{ name: 'a', count: 1.5 }, 'count', '`count` must be an integer; it is a fraction.'],
  [{ name: 'a', count: 10 }, 'count', '`count` must be at most 9; it is an integer.'],
  [{ name: 'a', mode: SECRET }, 'mode', '`mode` must be "update" or "skip"; it is a string of 20 characters.'],
  [{ name: 'a', when: 'now' }, 'when', '`when` must be a date-time; it is a string of 3 characters.'],
  [{ name: 'a', note: true }, 'note', '`note` must be a string or null; it is a boolean.'],
  [{ name: 'a', items: [{ id: 'x' }, {}] }, 'items[1].id', '`items[1].id` is required.'],
  [{ name: 'a', items: [{ id: [] }] }, 'items[0].id', '`items[0].id` must be a string; it is an array of 0.'],
  [{ name: 'a', items: [1, 2, 3] }, 'items', '`items` must be an array of at most 2; it is an array of 3.'],
])('%j is refused at %s', (value, param, message) => {
  const error = refusal(Sample, value);
  expect(error).toMatchObject({ code: 'invalid_field', status: 400, param, message });
  expect(error.message).not.toContain(SECRET);
});

test.each([
  [undefined, 'The body must be an object; it is missing.'],
  [null, 'The body must be an object; it is null.'],
  [[], 'The body must be an object; it is an array of 0.'],
  ['text', 'The body must be an object; it is a string of 4 characters.'],
])('a whole value of the wrong kind (%j) has no field', (value, message) => {
  expect(refusal(Sample, value)).toMatchObject({ param: undefined, message });
});

test('an unknown field is named where the schema allows none', () => {
  const error = refusal(Type.Object({ a: Type.Optional(Type.String()) }, { additionalProperties: false }), { b: 1 });
  expect(error).toMatchObject({ param: 'b', message: '`b` is not a known field of the body.' });
});

test('queries answer with their own code', () => {
  expect(refusal(Sample, {}, { code: 'invalid_query' }).code).toBe('invalid_query');
});

test('the branch of a union that got furthest is told', () => {
  const schema = Type.Union([Type.String(), Type.Object({ id: Type.String() })]);
  expect(refusal(Type.Object({ x: schema }), { x: { id: 1 } }).param).toBe('x.id');
  expect(refusal(Type.Object({ x: schema }), { x: 1 }).message).toBe(
    '`x` must be a string or an object; it is an integer.',
  );
});

test('schemas with ids may be compiled often, inside each other and twice in one', () => {
  const Inner = Type.Object({ a: Type.String() }, { $id: 'Inner' });
  const twice = Type.Object({ x: Inner, y: Inner }, { $id: 'Outer' });
  for (const schema of [Inner, twice, twice, AccountList, AccountImportResults, AccountList]) {
    expect(() => compile(schema, 'body')).not.toThrow();
  }
  expect(compile(twice, 'body')({ x: { a: '' }, y: { a: '' } })).toBeDefined();
});

test('a very long key of the caller is cut in the message', () => {
  const error = refusal(Type.Object({}, { additionalProperties: false }), { ['k'.repeat(5_000)]: 1 });
  expect(error.message.length).toBeLessThan(250);
});

test('the import body accepts an object, text or array as authJson', () => {
  const check = compile(AccountImportRequest, 'body');
  for (const authJson of [{}, '{}', []]) expect(check({ authJson })).toEqual({ authJson });
  expect(refusal(AccountImportRequest, { authJson: 5 }).param).toBe('authJson');
});
