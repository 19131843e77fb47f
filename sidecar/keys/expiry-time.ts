/** When a key ends, as people write it (spec/admin-api.md 2.7, gap G-14). */
import { isDateTime } from '../contract/date-time';

/** The predecessor's forms; no offset means UTC. */
const PLAIN = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.\d+)?$/i;

/** UTC ms of an ISO 8601 date and time, with offset or in UTC; `null` when the text is none. */
export function parseExpiry(text: string): number | null {
  const plain = PLAIN.exec(text.trim());
  const iso = plain === null ? text.trim().replace(' ', 'T') : `${plain[1]}T${plain[2]}Z`;
  if (!isDateTime(iso)) return null;
  const atMs = Date.parse(iso);
  return Number.isNaN(atMs) ? null : atMs;
}
