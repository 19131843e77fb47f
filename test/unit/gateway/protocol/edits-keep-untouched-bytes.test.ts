import fc from 'fast-check';
import { applyEdits, dropDuplicateKeys, type Edit } from '../../../../sidecar/gateway/protocol/edits';
import { scanTopLevel } from '../../../../sidecar/gateway/protocol/top-level';

const keys = fc.constantFrom('a', 'b', 'c', 'model', 'stör"e');
const objects = fc.dictionary(keys, fc.jsonValue({ maxDepth: 2 }));
const layout = fc.constantFrom(undefined, 2, '\t');
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ op: fc.constant('set' as const), key: keys, json: fc.json({ maxDepth: 1 }) }),
  fc.record({ op: fc.constant('remove' as const), key: keys }),
);

function edited(text: string, edits: readonly Edit[]): string {
  return applyEdits(Buffer.from(text), edits).toString('utf8');
}

describe('edits of a body', () => {
  it('mean what the same edits of the parsed object mean, order included', () => {
    fc.assert(
      fc.property(objects, layout, fc.array(edit, { maxLength: 6 }), (object, indent, edits) => {
        const text = JSON.stringify(object, null, indent);
        const expected = new Map(Object.entries(JSON.parse(text) as Record<string, unknown>));
        // The last edit of a key counts, so an earlier removal must not move it to the end.
        const last = new Map(edits.map((one) => [one.key, one]));
        for (const one of last.values()) {
          if (one.op === 'remove') expected.delete(one.key);
          else expected.set(one.key, JSON.parse(one.json));
        }
        const result = new Map(Object.entries(JSON.parse(edited(text, edits)) as Record<string, unknown>));
        expect([...result]).toEqual([...expected]);
      }),
    );
  });

  it('leave every other byte as it came', () => {
    const text = '{ "a" : 1 ,\n\t"b":[ 1, 2 ] , "c" :"\\u0041" }';
    expect(edited(text, [{ op: 'set', key: 'b', json: 'true' }])).toBe('{ "a" : 1 ,\n\t"b":true , "c" :"\\u0041" }');
    expect(edited(text, [{ op: 'remove', key: 'b' }])).toBe('{ "a" : 1 , "c" :"\\u0041" }');
    expect(edited(text, [{ op: 'remove', key: 'a' }])).toBe('{ "b":[ 1, 2 ] , "c" :"\\u0041" }');
    expect(edited(text, [{ op: 'set', key: 'd', json: '0' }])).toBe(
      '{ "a" : 1 ,\n\t"b":[ 1, 2 ] , "c" :"\\u0041","d":0 }',
    );
  });

  it('can empty an object and fill an empty one', () => {
    expect(edited('{"a":1}', [{ op: 'remove', key: 'a' }])).toBe('{}');
    expect(edited('{ }', [{ op: 'set', key: 'a', json: '1' }])).toBe('{"a":1 }');
    const swap: Edit[] = [
      { op: 'remove', key: 'a' },
      { op: 'set', key: 'b', json: '2' },
    ];
    expect(edited('{"a":1}', swap)).toBe('{"b":2}');
  });

  it('hand back the very Buffer when there is nothing to do', () => {
    const body = Buffer.from('{"a":1}');
    expect(applyEdits(body, [])).toBe(body);
    expect(applyEdits(body, [{ op: 'remove', key: 'b' }])).toBe(body);
    expect(dropDuplicateKeys(body, scanTopLevel(body))).toBe(body);
  });

  it('leave one of equal keys: the one that JSON.parse believes', () => {
    const text = '{"a":1,"b":2,"a":3,"c":4,"a":5}';
    expect(edited(text, [{ op: 'set', key: 'a', json: '9' }])).toBe('{"b":2,"c":4,"a":9}');
    expect(edited(text, [{ op: 'remove', key: 'a' }])).toBe('{"b":2,"c":4}');
    const body = Buffer.from(text);
    expect(dropDuplicateKeys(body, scanTopLevel(body)).toString()).toBe('{"b":2,"c":4,"a":5}');
  });
});
