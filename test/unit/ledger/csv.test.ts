import { csvLine } from '../../../sidecar/ledger/csv';

describe('comma-separated values', () => {
  it('quotes what needs it and leaves the unknown empty', () => {
    expect(csvLine(['plain', 'a,b', 'say "x"', 'two\nlines', null, 1.5, true])).toBe(
      'plain,"a,b","say ""x""","two\nlines",,1.5,true\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx'])('runs no formula: %j', (text) => {
    expect(csvLine([text])).toBe(`'${text}\r\n`);
  });
});
