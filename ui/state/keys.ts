/** API keys. Secrets pass through and are never kept here. */
import { listKeys } from '../api/keys';
import { keepFresh } from './freshness';
import { resource } from './resource';

export const keyList = keepFresh(resource(listKeys), { pollMs: 30_000, on: ['api_keys_changed', 'request_log'] });
