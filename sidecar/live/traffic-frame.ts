/**
 * A frame of the traffic socket, version 2: the layout of spec/admin-api.md 6.14 with the account's 16-byte UUID in
 * place of its number (design §4); little endian.
 */
import type { AccountTraffic } from '../contract/live';

export type TrafficFrameKind = 'snapshot' | 'update';

/** Bytes of every frame. */
export const TRAFFIC_FRAME_BYTES = 58;

const VERSION = 2;
const KINDS: Readonly<Record<TrafficFrameKind, number>> = { snapshot: 1, update: 2 };
const UUID_HEX = 32;

/** `null` for an account whose id is no UUID: it has no place in a frame. */
export function encodeTraffic(kind: TrafficFrameKind, generatedAtMs: number, account: AccountTraffic): Buffer | null {
  const id = account.accountId.replaceAll('-', '');
  if (id.length !== UUID_HEX || !/^[0-9a-f]+$/i.test(id)) return null;
  const frame = Buffer.alloc(TRAFFIC_FRAME_BYTES);
  frame.writeUInt8(VERSION, 0);
  frame.writeUInt8(KINDS[kind], 1);
  frame.writeBigUInt64LE(BigInt(generatedAtMs), 2);
  frame.write(id, 10, 'hex');
  frame.writeBigUInt64LE(BigInt(account.upBytes), 26);
  frame.writeBigUInt64LE(BigInt(account.downBytes), 34);
  frame.writeBigUInt64LE(BigInt(account.lastUpAtMs), 42);
  frame.writeBigUInt64LE(BigInt(account.lastDownAtMs), 50);
  return frame;
}
