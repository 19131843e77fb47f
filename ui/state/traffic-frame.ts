/**
 * One frame of the traffic socket, version 2: as spec/admin-api.md 6.14, with the account's 16-byte UUID in place of the
 * number (design §4), so 58 bytes, little endian.
 */

const VERSION = 2;
const FRAME_BYTES = 58;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

export interface TrafficFrame {
  readonly accountId: string;
  readonly isSnapshot: boolean;
  readonly upBytes: number;
  readonly downBytes: number;
}

/** `null` when it is of another length or version. */
export function readTrafficFrame(buffer: ArrayBuffer): TrafficFrame | null {
  const view = new DataView(buffer);
  if (buffer.byteLength !== FRAME_BYTES || view.getUint8(0) !== VERSION) return null;
  return {
    isSnapshot: view.getUint8(1) === 1,
    accountId: uuid(new Uint8Array(buffer, 10, 16)),
    upBytes: safe(view.getBigUint64(26, true)),
    downBytes: safe(view.getBigUint64(34, true)),
  };
}

function uuid(bytes: Uint8Array): string {
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function safe(value: bigint): number {
  return Number(value > MAX_SAFE ? MAX_SAFE : value);
}
