import { scanObjectAt, scanTopLevel } from '../../../../sidecar/gateway/protocol/top-level';

describe('keys of the top-level scan', () => {
  it('reads escaped keys as the keys they are', () => {
    const top = scanTopLevel(Buffer.from('{"mod\\u0065l":"gpt","a\\"b":1}'));
    expect(top.string('model')).toBe('gpt');
    expect(top.has('a"b')).toBe(true);
  });

  it('lets the last of equal keys win', () => {
    const top = scanTopLevel(Buffer.from('{"store":true,"x":1,"st\\u006fre":false}'));
    expect(top.bool('store')).toBe(false);
    expect(top.members).toHaveLength(3);
    expect([...top.keys()]).toEqual(['store', 'x']);
  });

  it('looks past a byte order mark and surrounding whitespace', () => {
    const top = scanTopLevel(Buffer.from('\ufeff \r\n\t{"a":1}\n'));
    expect(top.kind('a')).toBe('number');
    expect(top.start).toBe(7);
  });

  it('does not see keys of nested objects', () => {
    const top = scanTopLevel(Buffer.from('{"input":[{"model":"inner"}],"text":"\\"model\\":\\"quoted\\""}'));
    expect(top.has('model')).toBe(false);
  });

  it('keeps many keys apart', () => {
    const object = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`key${i}`, `value${i}`]));
    const top = scanTopLevel(Buffer.from(JSON.stringify(object)));
    for (let i = 0; i < 500; i++) expect(top.string(`key${i}`)).toBe(`value${i}`);
    expect(top.has('toString')).toBe(false);
  });

  it('scans a nested object by its offsets', () => {
    const body = Buffer.from('{"reasoning" : {"effort":"high","summary":null}}');
    const span = scanTopLevel(body).span('reasoning');
    expect(span).toBeDefined();
    if (span === undefined) return;
    const reasoning = scanObjectAt(body, span.valueStart, span.valueEnd);
    expect(reasoning.string('effort')).toBe('high');
    expect(reasoning.kind('summary')).toBe('null');
    expect(reasoning.end).toBe(span.valueEnd);
  });

  it('ends a string only at a quote that is not escaped', () => {
    for (const text of ['\\', '\\\\', '"', '\\"', `${'\\'.repeat(41)}"`, 'x'.repeat(100) + '\\"'.repeat(30)]) {
      expect(scanTopLevel(Buffer.from(JSON.stringify({ a: text, b: 1 }))).string('a')).toBe(text);
    }
  });
});
