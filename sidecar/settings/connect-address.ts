/** Under which address clients of other machines reach this one (spec/admin-api.md 5.4). */
import { parseHost } from '../platform/peer-address';

/** Shown when nothing better is known. */
const PLACEHOLDER = '<tightrope-ip-or-dns>';

/** The configured address as it is; else the name this page was opened under, unless that means only this machine. */
export function connectAddress(configured: string | null, hostHeader: string | undefined): string {
  if (configured !== null) return configured;
  const host = parseHost(hostHeader)?.host ?? '';
  const onlyHere =
    host === '' || host === 'localhost' || host === '0.0.0.0' || host === '::1' || host.startsWith('127.');
  return onlyHere ? PLACEHOLDER : host;
}
