import { jsonLine, textLine, type LogLine } from '../../../sidecar/platform/log-format';
import { redactFacts } from '../../../sidecar/platform/redact';

function line(facts: Record<string, unknown>): LogLine {
  const atMs = Date.UTC(2026, 10, 24, 3, 42, 40, 123);
  return { atMs, level: 'info', component: 'proxy', event: 'turn_done', facts: redactFacts(facts) };
}

test('a line for people names time, level, component and event, then the facts', () => {
  const text = textLine(line({ model: 'gpt-5', ms: 12, ok: true, none: null, absent: undefined, list: [1, 2] }));
  expect(text).toBe('2026-11-24T03:42:40.123Z info  [proxy] turn_done model=gpt-5 ms=12 ok=true none=null list=[1,2]');
});

test('values with spaces, quotes, equal signs or control characters are quoted, so that a line stays a line', () => {
  const text = textLine(line({ a: 'two words', b: 'x=1', c: 'a\nfake 2026 line', d: '', e: '\u2028' }));
  expect(text.split('turn_done ')[1]).toBe('a="two words" b="x=1" c="a\\nfake 2026 line" d="" e="\u2028"');
  expect(text.split('\n')).toHaveLength(1);
});

test('an error is told with its code and causes, its calls follow indented', () => {
  const cause = Object.assign(new Error('disk full'), { code: 'ENOSPC' });
  const text = textLine(line({ error: new TypeError('cannot write', { cause }) }));
  const [first, ...calls] = text.split('\n');
  expect(first).toContain('error="TypeError: cannot write <- Error [ENOSPC]: disk full"');
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.every((call) => call.startsWith('    at '))).toBe(true);
});

test('a JSON line has one schema, and facts cannot take its keys', () => {
  expect(JSON.parse(jsonLine(line({ level: 'mine', model: 'gpt-5', error: new Error('no') })))).toEqual({
    ts: '2026-11-24T03:42:40.123Z',
    level: 'info',
    component: 'proxy',
    event: 'turn_done',
    level_: 'mine',
    model: 'gpt-5',
    error: { name: 'Error', message: 'no', stack: expect.stringContaining('at ') as string },
  });
});
