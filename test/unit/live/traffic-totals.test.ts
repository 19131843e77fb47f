import fc from 'fast-check';
import { encodeTraffic, TRAFFIC_FRAME_BYTES } from '../../../sidecar/live/traffic-frame';
import { TrafficMeter, type TurnBytes } from '../../../sidecar/live/traffic-meter';

const turn = (id: string, accountId: string | null, bytesUp: number, bytesDown: number): TurnBytes => ({
  id,
  accountId,
  bytesUp,
  bytesDown,
});

describe('bytes per account', () => {
  it('counts a turn once, however often it is looked at', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 20 }), (steps) => {
        const meter = new TrafficMeter(() => 5);
        let down = 0;
        for (const step of steps) {
          down += step;
          meter.look([turn('t', 'a', 10, down)]);
        }
        meter.close(turn('t', 'a', 10, down + 1));
        expect(meter.totals()).toEqual([
          { accountId: 'a', upBytes: 10, downBytes: down + 1, lastUpAtMs: 5, lastDownAtMs: 5 },
        ]);
      }),
    );
  });

  it('never shrinks when a turn moves: what comes later counts for the new account', () => {
    const meter = new TrafficMeter(() => 1);
    meter.look([turn('t', 'a', 100, 0)]);
    meter.look([turn('t', 'b', 200, 7)]);
    expect(meter.totals()).toMatchObject([
      { accountId: 'a', upBytes: 100, downBytes: 0, lastDownAtMs: 0 },
      { accountId: 'b', upBytes: 100, downBytes: 7 },
    ]);
  });

  it('leaves out turns without an account until they have one', () => {
    const meter = new TrafficMeter(() => 1);
    meter.look([turn('t', null, 0, 0)]);
    expect(meter.totals()).toEqual([]);
    meter.close(turn('t', null, 0, 50));
    expect(meter.totals()).toEqual([]);
  });
});

describe('the traffic frame, version 2', () => {
  const account = { upBytes: 1, downBytes: 2 ** 40, lastUpAtMs: 3, lastDownAtMs: 4 };

  it('holds the id in bytes and everything else little endian', () => {
    const frame = encodeTraffic('update', 1_700_000_000_000, {
      ...account,
      accountId: '01890a5d-ac96-774b-bcce-b302099a8057',
    });
    expect(frame).toHaveLength(TRAFFIC_FRAME_BYTES);
    expect(frame?.subarray(0, 2)).toEqual(Buffer.from([2, 2]));
    expect(frame?.readBigUInt64LE(2)).toBe(1_700_000_000_000n);
    expect(frame?.subarray(10, 26).toString('hex')).toBe('01890a5dac96774bbcceb302099a8057');
    expect([26, 34, 42, 50].map((at) => frame?.readBigUInt64LE(at))).toEqual([1n, 2n ** 40n, 3n, 4n]);
  });

  it('has no place for an id that is no UUID', () => {
    expect(encodeTraffic('snapshot', 0, { ...account, accountId: 'plain' })).toBeNull();
  });
});
