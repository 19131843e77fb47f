/** `/api/settings` (spec/admin-api.md 5; design §11 "Settings"). */
import { Type } from '@sinclair/typebox';
import { Router, type Request } from 'express';
import { SETTING_NAMES, SETTINGS, SettingsHistoryQuery } from '../contract/settings';
import { compile } from '../contract/validate';
import { withoutNulls } from '../contract/null-as-absent';
import { TightropeError } from '../platform/errors';
import { actorOf } from '../signin/actor';
import { connectAddress } from './connect-address';
import type { SettingsService } from './settings-service';

export interface SettingsRouteParts {
  readonly settings: SettingsService;
  readonly totpConfigured: () => boolean;
  /** `TIGHTROPE_CONNECT_ADDRESS`. */
  readonly connectAddress: string | null;
}

const DEFAULTS = Object.fromEntries(SETTING_NAMES.map((name) => [name, SETTINGS[name].byDefault]));
/** Versions of a page of the history when the request does not say. */
const USUAL_PAGE = 50;

/** Only what is not a setting; those are checked one by one, in order. */
const version = Type.Optional(Type.Integer({ minimum: 1 }));
const Envelope = Type.Object({ expectedVersion: version, expected_version: version });

/** Routes below `/api`. */
export function settingsRoutes(parts: SettingsRouteParts): Router {
  const { settings } = parts;
  const readEnvelope = compile(Envelope, 'body');
  const readQuery = compile(SettingsHistoryQuery, 'query', { code: 'invalid_query' });
  const answer = (): object => ({
    ...settings.current(),
    version: settings.version(),
    totpConfigured: parts.totpConfigured(),
  });
  const router = Router();

  router.get('/settings', (_request, response) => {
    response.json(answer());
  });

  router.put('/settings', async (request, response) => {
    const changes = readEnvelope(withoutNulls(request.body));
    const expectedVersion = changes.expectedVersion ?? changes.expected_version;
    await settings.change({ ...changes }, { by: actorOf(response).kind, expectedVersion });
    response.json(answer());
  });

  router.get('/settings/defaults', (_request, response) => {
    response.json(DEFAULTS);
  });

  router.get('/settings/history', async (request, response) => {
    const { limit = USUAL_PAGE, before } = readQuery(numbersOf(request, ['limit', 'before']));
    response.json({ versions: await settings.history(limit, before) });
  });

  router.post('/settings/history/:version/restore', async (request, response) => {
    if (!/^\d{1,15}$/.test(request.params.version)) throw new TightropeError('settings_version_not_found');
    await settings.restore(Number(request.params.version), actorOf(response).kind);
    response.json(answer());
  });

  router.get('/settings/runtime/connect-address', (request, response) => {
    response.json({ connectAddress: connectAddress(parts.connectAddress, request.headers.host) });
  });

  return router;
}

/** Query values are text: what looks like a number becomes one, the schema refuses the rest. */
function numbersOf(request: Request, names: readonly string[]): Record<string, unknown> {
  const read = (value: unknown): unknown =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  const given = names.filter((name) => request.query[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, read(request.query[name])]));
}
