import fc from 'fast-check';
import { parse } from 'toml';
import { keyPositions } from '../../../sidecar/config/toml-positions';

const places = (text: string) =>
  Object.fromEntries([...keyPositions(text)].map(([key, at]) => [key, `${at.line}:${at.column}`]));

describe('positions of TOML keys', () => {
  it('finds keys at the top, in tables, dotted, quoted and in inline tables', () => {
    const text = [
      'a = 1 # b = 2',
      "'q' = 'x'",
      'deep . er = true',
      '[table]  # comment',
      '  key = "[not] = a.header"',
      'inline = { one = 1, two = [ { three = 3 } ] }',
      '[ other . "part" ]',
      'z = 1979-05-27 07:32:00',
      '[[list]]',
      'item = 1',
    ].join('\n');
    expect(places(text)).toEqual({
      a: '1:1',
      q: '2:1',
      deep: '3:1',
      'deep.er': '3:1',
      table: '4:1',
      'table.key': '5:3',
      'table.inline': '6:1',
      'table.inline.one': '6:12',
      'table.inline.two': '6:21',
      'table.inline.two.three': '6:31',
      other: '7:1',
      'other.part': '7:1',
      'other.part.z': '8:1',
      list: '9:1',
      'list.item': '10:1',
    });
  });

  it.each([
    ['a multi-line text', 'm = """\nfake = 1\n[nor] "" this\\""" still\n""""\nreal = 2'],
    ['a multi-line literal', "m = '''\nfake = 1\n''\n''''\n\nreal = 2"],
    ['an array over lines', 'm = [\n 1, # fake = 1\n "]",\n [2],\n]\nreal = 2'],
    ['line ends of Windows', 'm = 1\r\n\r\n\r\n\r\n\r\nreal = 2\r\n'],
  ])('is not fooled by %s', (_what, text) => {
    expect(() => void parse(text)).not.toThrow();
    const found = places(text);
    expect(Object.keys(found)).toEqual(['m', 'real']);
    expect(found['real']).toMatch(/^[56]:1$/);
  });

  const name = fc.stringMatching(/^[a-z_-][a-z0-9_-]{0,5}$/);
  const scalar = fc.oneof(
    fc.integer().map(String),
    fc.string({ unit: 'grapheme-ascii', maxLength: 12 }).map((text) => JSON.stringify(text)),
    fc.constantFrom('true', "'''\n[x]\ny = 1'''", '"""\n# \\" = {"""', '[ 1, [ "a = 1" ], ]', '07:32:00'),
  );
  const table = fc.uniqueArray(fc.tuple(name, scalar), { selector: ([key]) => key, maxLength: 5 });

  it('finds every key of any document, at the place where it stands', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, table), { selector: ([key]) => key, maxLength: 5 }), (tables) => {
        const text = tables
          .map(([header, keys]) => `# [${header}]\n[${header}]\n${keys.map((pair) => pair.join(' = ')).join('\n')}\n`)
          .join('\n');
        const found = keyPositions(text);
        const expected = tables.flatMap(([header, keys]) => [header, ...keys.map(([key]) => `${header}.${key}`)]);
        expect([...found.keys()]).toEqual(expected);
        const lines = text.split('\n');
        for (const [key, { line, column }] of found) {
          const start = lines[line - 1]?.slice(column - 1) ?? '';
          expect(start.startsWith(key.includes('.') ? `${key.split('.')[1] ?? ''} = ` : `[${key}]`)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab.=[]{}"\'\\#,\n \t1'.split('')), maxLength: 60 }), (text) => {
        keyPositions(text);
      }),
      { numRuns: 500 },
    );
  });
});
