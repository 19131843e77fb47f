/** The routes of the model family beside generation: method, path, handler. */
import { compactRoute } from './compact';
import { createFileRoute, fileUploadedRoute } from './files';
import type { CallServices } from './pool-call';
import type { RouteEntry } from './router';
import { goalRoute, jsonCallRoute, readRoute } from './side-calls';
import { transcriptionRoute } from './transcription';

/** Where clients look for the model family, and where upstream has it (codex-wire 2.10). */
const PREFIXES = ['/backend-api/codex', '/v1'] as const;
const UPSTREAM = '/codex';

const JSON_CALLS = [
  'alpha/search',
  'memories/trace_summarize',
  'images/generations',
  'images/edits',
  'safety/arc',
] as const;
const GOALS = ['thread/goal/get', 'thread/goal/set', 'thread/goal/clear'] as const;

export function sideRoutes(services: CallServices): RouteEntry[] {
  const post = (path: string, handle: RouteEntry['handle']): RouteEntry => ({ method: 'POST', path, handle });
  return [
    ...PREFIXES.flatMap((prefix) => [
      ...JSON_CALLS.map((name) => post(`${prefix}/${name}`, jsonCallRoute(services, `${UPSTREAM}/${name}`))),
      ...GOALS.map((name) => post(`${prefix}/${name}`, goalRoute(services, `${UPSTREAM}/${name}`))),
    ]),
    ...['/codex/agent-identities/jwks', '/wham/agent-identities/jwks'].map((path): RouteEntry => ({
      method: 'GET',
      path: `/backend-api${path}`,
      handle: readRoute(services, path),
    })),
    post('/backend-api/codex/responses/compact', compactRoute(services, 'codex')),
    post('/v1/responses/compact', compactRoute(services, 'v1')),
    post('/v1/audio/transcriptions', transcriptionRoute(services, 'openai')),
    post('/backend-api/transcribe', transcriptionRoute(services, 'chatgpt')),
    post('/backend-api/files', createFileRoute(services)),
    post('/backend-api/files/{id}/uploaded', fileUploadedRoute(services)),
  ];
}
