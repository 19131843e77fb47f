import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../../sidecar/ledger/request-log-cursor';
import { readLogQuery } from '../../../sidecar/ledger/request-log-query';
import { TightropeError } from '../../../sidecar/platform/errors';
import type { RequestLogQuery } from '../../../sidecar/contract/request-log';

function refusal(query: RequestLogQuery): TightropeError {
  try {
    readLogQuery(query);
  } catch (error) {
    if (error instanceof TightropeError) return error;
    throw error;
  }
  throw new Error('the query was accepted');
}

describe('query of the request log', () => {
  it.each([
    [undefined, 200],
    ['', 200],
    ['0', 1],
    ['1', 1],
    ['500', 500],
    ['501', 500],
    ['99999999999', 500],
    ['-1', 200],
    ['1.5', 200],
    ['ten', 200],
  ])('reads limit %j as %d', (limit, expected) => {
    expect(readLogQuery(limit === undefined ? {} : { limit }).limit).toBe(expected);
  });

  it.each([
    [{}, 0],
    [{ offset: '40' }, 40],
    [{ offset: '-1' }, 0],
    [{ offset: 'x' }, 0],
    [{ offset: '40', cursor: encodeCursor({ requestedAtMs: 5, id: 'a' }) }, 0],
  ])('reads the offset of %j as %d', (query, expected) => {
    expect(readLogQuery(query).offset).toBe(expected);
  });

  it.each([
    ['1700000000000', 1_700_000_000_000],
    ['2026-02-03T04:05:06.789Z', Date.UTC(2026, 1, 3, 4, 5, 6, 789)],
    ['2026-02-03T04:05:06+02:00', Date.UTC(2026, 1, 3, 2, 5, 6)],
    ['2026-02-03T04:05:06', Date.UTC(2026, 1, 3, 4, 5, 6)],
    ['2026-02-03', Date.UTC(2026, 1, 3)],
  ])('reads the time %j', (text, expected) => {
    expect(readLogQuery({ since: text, until: text }).filter).toEqual({ sinceMs: expected, untilMs: expected });
  });

  it('takes empty parameters as absent', () => {
    const query = { accountId: '', model: '', search: '', since: '', until: '', cursor: '', limit: '', offset: '' };
    expect(readLogQuery(query)).toEqual({ filter: {}, limit: 200, offset: 0, after: null });
  });

  it.each([
    [{ since: 'yesterday' }, 'since'],
    [{ since: '2026-13-40' }, 'since'],
    [{ until: '-5' }, 'until'],
    [{ until: '12:00' }, 'until'],
    [{ cursor: 'nonsense' }, 'cursor'],
    [{ cursor: Buffer.from('12:').toString('base64url') }, 'cursor'],
    [{ cursor: Buffer.from('9999999999999999:a').toString('base64url') }, 'cursor'],
  ])('refuses %j and names the parameter', (query, param) => {
    expect(refusal(query)).toMatchObject({ code: 'invalid_query', status: 400, param });
  });

  it('gives every place in the list a cursor that leads back to it', () => {
    const place = fc.record({ requestedAtMs: fc.maxSafeNat(), id: fc.uuid({ version: 7 }) });
    fc.assert(fc.property(place, (position) => expect(decodeCursor(encodeCursor(position))).toEqual(position)));
  });
});
