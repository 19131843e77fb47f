import { alignedLines, processTerminal } from '../../../sidecar/cli/terminal';

describe('the terminal', () => {
  it('puts columns below each other without blanks at the end', () => {
    expect(alignedLines([['a', 'bbb', ''], ['cc', 'd', 'e'], ['f']])).toEqual(['a   bbb', 'cc  d    e', 'f']);
    expect(alignedLines([])).toEqual([]);
  });

  it('survives a reader that has gone', () => {
    const listeners: ((error: Error) => void)[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'on').mockImplementation((event: string, listener: (error: Error) => void) => {
        expect(event).toBe('error');
        listeners.push(listener);
        return stream;
      }),
    );
    processTerminal();
    for (const spy of spies) spy.mockRestore();
    expect(listeners).toHaveLength(2);
    for (const listener of listeners) expect(() => listener(new Error('EPIPE'))).not.toThrow();
  });
});
