import fc from 'fast-check';
import { TightropeError } from '../../../../sidecar/platform/errors';
import { scanArrayItems, scanTopLevel } from '../../../../sidecar/gateway/protocol/top-level';
import { refusalOf } from '../refusal-of';

function refusal(text: string): TightropeError {
  return refusalOf(() => scanTopLevel(Buffer.from(text)));
}

/** The body with the inside of every string taken out: what the scan promises to check is what is left. */
function skeleton(text: string): string {
  return text.replaceAll(/"(?:\\.|[^"\\])*"/gs, '""');
}

function parses(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function accepts(text: string): boolean {
  try {
    scanTopLevel(Buffer.from(text));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(TightropeError);
    return false;
  }
}

describe('the top-level scan on broken JSON', () => {
  it.each([
    ['', 'empty', 0],
    ['  ', 'empty', 2],
    ['[]', 'a JSON object was expected', 0],
    ['"text"', 'a JSON object was expected', 0],
    ['{', 'ends early', 1],
    ['{"a"', 'a colon', 4],
    ['{"a":', 'a value is missing', 5],
    ['{"a":1', 'ends early', 6],
    ['{"a":1,}', 'a key in double quotes', 7],
    ['{"a":1 "b":2}', 'a comma or }', 7],
    ["{'a':1}", 'a key in double quotes', 1],
    ['{a:1}', 'a key in double quotes', 1],
    ['{"a":"x}', 'not closed', 8],
    ['{"a":tru}', 'unknown literal', 8],
    ['{"a":01}', 'a comma or }', 6],
    ['{"a":1.}', 'unexpected character', 7],
    ['{"a":+1}', 'unexpected character', 5],
    ['{"a":NaN}', 'unexpected character', 5],
    ['{"a":[1,2}', 'a comma or ]', 9],
    ['{"a":{"b":1]}', 'a comma or }', 11],
    ['{"a":[1,]}', 'unexpected character', 8],
    ['{"a":{"b"}}', 'a colon', 9],
    ['{} {}', 'something follows', 3],
    ['{"a":1}x', 'something follows', 7],
  ])('refuses %j naming the reason and the byte', (text, reason, byte) => {
    const error = refusal(text);
    expect(error.code).toBe('invalid_json');
    expect(error.status).toBe(400);
    expect(error.message).toContain(reason);
    expect(error.details).toEqual({ byte });
  });

  it('refuses nesting beyond its bound and takes what is at it', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(accepts(nested(512))).toBe(true);
    expect(refusal(nested(513)).message).toContain('deeper than 512');
  });

  it('refuses more members or items than it may remember', () => {
    const many = (count: number, one: string): string => Array.from({ length: count }, () => one).join(',');
    expect(accepts(`{${many(10_000, '"a":0')}}`)).toBe(true);
    expect(refusal(`{${many(10_001, '"a":0')}}`)).toMatchObject({ code: 'invalid_request_error' });
    const body = Buffer.from(`{"include":[${many(500_001, '"x"')}]}`);
    const span = scanTopLevel(body).span('include');
    expect(() => span && scanArrayItems(body, span)).toThrow('more than 500000 items');
  });

  it('refuses a bad escape where a string is read', () => {
    expect(refusal('{"mo\\xdel":1}').message).toContain('bad escape');
    expect(() => scanTopLevel(Buffer.from('{"model":"a\\x"}')).string('model')).toThrow('bad escape');
    expect(() => scanTopLevel(Buffer.from('{"model":"a\nb"}')).string('model')).toThrow('raw control character');
  });

  it('accepts all that JSON.parse accepts, and nothing whose structure it refuses', () => {
    const mutation = fc.record({
      at: fc.nat(),
      cut: fc.nat({ max: 3 }),
      add: fc.string({ unit: fc.constantFrom(...'{}[],:"\\ 01e.-tfn'), maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.array(mutation, { maxLength: 3 }), (inner, mutations) => {
        let text = `{"k":${inner},"l":[{"m":"n"},true,-1.5e3]}`;
        for (const { at, cut, add } of mutations) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + add + text.slice(place + cut);
        }
        const accepted = accepts(text);
        if (parses(text)) expect(accepted).toBe(true);
        if (accepted) expect(parses(skeleton(text))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
