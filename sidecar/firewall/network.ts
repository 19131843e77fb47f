/** Addresses and networks in one spelling each, so that equal ones are found equal (spec/data-security.md 9.1). */
import { isIP } from 'node:net';
import { normalizeAddress } from '../platform/peer-address';

/** Bits that stand before the IPv4 address in its mapped form `::ffff:a.b.c.d`. */
const MAPPED_BITS = 96;
const V4_BITS = 32;
const V6_BITS = 128;

/**
 * The canonical text of an address (`2001:DB8::1` → `2001:db8::1`) or network (`10.1.2.3/8` → `10.0.0.0/8`), mapped IPv4 as
 * IPv4, a network of one address as that address; `null` when the text is neither.
 */
export function canonicalNetwork(text: string): string | null {
  const [host = '', prefix, ...rest] = text.trim().split('/');
  // A zone names an interface of one machine; it means nothing in a list.
  const address = host.includes('%') ? null : normalizeAddress(host);
  if (address === null || rest.length > 0) return null;
  if (prefix === undefined) return address;
  if (!/^\d{1,3}$/.test(prefix)) return null;
  const bits = isIP(address) === 4 ? V4_BITS : V6_BITS;
  const length = Number(prefix) - (bits === V4_BITS && isIP(host) === 6 ? MAPPED_BITS : 0);
  if (length < 0 || length > bits) return null;
  if (length === bits) return address;
  return `${masked(address, length, bits)}/${length}`;
}

function masked(address: string, length: number, bits: number): string {
  const value = bits === V4_BITS ? v4Value(address) : v6Value(address);
  const kept = (value >> BigInt(bits - length)) << BigInt(bits - length);
  return bits === V4_BITS ? v4Text(kept) : (normalizeAddress(v6Text(kept)) ?? v6Text(kept));
}

function v4Value(address: string): bigint {
  return address.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function v4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

/** @param address canonical IPv6 text; its last 32 bits may be written as an IPv4 address */
function v6Value(address: string): bigint {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const low = tail === null ? null : v4Value(tail[2] ?? '');
  const text = low === null ? address : `${tail?.[1]}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [head = '', end] = text.split('::');
  const before = groupsOf(head);
  const after = end === undefined ? [] : groupsOf(end);
  const gap = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...gap, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function v6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  return groups.map((group) => group.toString(16)).join(':');
}
