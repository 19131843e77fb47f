/** `GET /backend-api/codex/models` (codex-wire 2.8): per-account catalogue, filtered by client version, with ETag. */
import { createHash } from 'node:crypto';
import { sendJson } from './answer';
import { asText } from './json-value';
import type { Route } from './route';
import type { CatalogueEntry } from './catalogue-entry';

function versionParts(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}

/** Whether `version` is at least `minimum`, part by part. */
function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [versionParts(version), versionParts(minimum)];
  for (let index = 0; index < Math.max(have.length, need.length); index += 1) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function offered(catalogue: readonly CatalogueEntry[], clientVersion: string): readonly CatalogueEntry[] {
  return catalogue.filter((entry) => isAtLeast(clientVersion, asText(entry['minimal_client_version']) ?? '0'));
}

export const modelsRoute: Route = {
  method: 'GET',
  path: '/backend-api/codex/models',
  name: 'models',
  standard: ({ request, response, account }) => {
    const clientVersion = request.query.get('client_version');
    if (clientVersion === null) {
      sendJson(response, 400, { detail: [{ loc: ['query', 'client_version'], msg: 'Field required' }] });
      return;
    }
    const models = offered(account.catalogue, clientVersion);
    const etag = `W/"${createHash('sha256').update(JSON.stringify(models)).digest('hex').slice(0, 32)}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag });
      response.end();
      return;
    }
    sendJson(response, 200, { models }, { etag });
  },
};
