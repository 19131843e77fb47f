/** Who may administrate, and under which names and through which proxies (design §5, §10). */
import { isIP } from 'node:net';
import { Type } from '@sinclair/typebox';
import { list, text } from '../parse-style';
import { section } from '../setting';
import { listOf, optionalTextLike } from '../value-types';

/** A single address as the network that holds only it. */
function asNetwork(entry: string): string {
  const family = isIP(entry);
  if (family === 0) return entry;
  return `${entry}/${family === 6 ? 128 : 32}`;
}

export const ADMIN = section(
  Type.Object({
    token: optionalTextLike('admin-token'),
    allowedHosts: listOf('host-name'),
    trustedProxies: listOf('network'),
  }),
  {
    token: {
      env: ['TIGHTROPE_ADMIN_TOKEN'],
      style: text,
      default: null,
      secret: 'whole',
      badValue: 'refuse',
      about: 'token for /api; otherwise the file admin-token in the data directory, made at the first start',
    },
    allowedHosts: {
      env: ['TIGHTROPE_ALLOWED_HOSTS'],
      style: list((entry) => entry.toLowerCase()),
      default: [],
      about: 'names besides localhost under which the dashboard may be opened',
    },
    trustedProxies: {
      env: ['TIGHTROPE_TRUSTED_PROXIES'],
      style: list(asNetwork),
      default: [],
      badValue: 'refuse',
      about: 'reverse proxies whose forwarding headers count',
    },
  },
);
