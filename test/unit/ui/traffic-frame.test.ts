import { readTrafficFrame } from '../../../ui/state/traffic-frame';

function frame(version: number, bytes = 58): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(bytes));
  view.setUint8(0, version);
  view.setUint8(1, 1);
  new Uint8Array(view.buffer).set([1, 0x9a, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0xff], 10);
  view.setBigUint64(26, 4_096n, true);
  view.setBigUint64(34, 2n ** 60n, true);
  return view.buffer;
}

test('a frame gives the account and totals that stay safe integers', () => {
  expect(readTrafficFrame(frame(2))).toEqual({
    isSnapshot: true,
    accountId: '019a0000-0000-7000-8000-0000000000ff',
    upBytes: 4_096,
    downBytes: Number.MAX_SAFE_INTEGER,
  });
});

test('frames of another version or length are passed over', () => {
  expect([readTrafficFrame(frame(1)), readTrafficFrame(frame(2, 50))]).toEqual([null, null]);
});
