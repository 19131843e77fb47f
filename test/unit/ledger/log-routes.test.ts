import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { ledgerRoutes } from '../../../sidecar/ledger/ledger-routes';
import { eventRoutes } from '../../../sidecar/ledger/runtime-events-routes';
import { EventService } from '../../../sidecar/ledger/runtime-events-service';
import { dashboardEnvelope, toTightropeError } from '../../../sidecar/platform/errors';
import { NODE_ID, openLedger, turn, type LedgerFixture } from './ledger-fixture';

describe('routes of the request log and the events', () => {
  let fixture: LedgerFixture;
  let events: EventService;
  let server: Server;

  beforeEach(async () => {
    fixture = await openLedger();
    events = await EventService.open({ ...fixture, nodeId: NODE_ID, announce: () => undefined });
    const onError: ErrorRequestHandler = (thrown: unknown, _request, response, _next) => {
      const error = toTightropeError(thrown);
      response.status(error.status).json(dashboardEnvelope(error));
    };
    server = createServer(express().use('/api', ledgerRoutes(fixture.ledger), eventRoutes(events)).use(onError));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await fixture.close();
  });

  async function get(path: string): Promise<{ status: number; body: unknown }> {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.json() };
  }

  it.each(['/api/logs', '/api/logs/'])('GET %s answers the log', async (path) => {
    const record = turn();
    fixture.ledger.record(record);
    expect(await get(path)).toMatchObject({
      status: 200,
      body: { limit: 200, offset: 0, total: 1, nextCursor: null, logs: [{ id: record.id }] },
    });
  });

  it('GET /api/logs/options answers the filters', async () => {
    expect(await get('/api/logs/options')).toEqual({
      status: 200,
      body: { accountIds: [], models: [], statuses: ['ok', 'warn', 'error'] },
    });
  });

  it('GET /api/logs/{id} answers one turn with its attempts, or 404', async () => {
    const record = turn({ requestId: 'req/with slash' });
    fixture.ledger.record(record);
    expect(await get(`/api/logs/${encodeURIComponent('req/with slash')}`)).toMatchObject({
      status: 200,
      body: { id: record.id, attemptLog: [] },
    });
    expect(await get('/api/logs/nobody')).toMatchObject({ status: 404, body: { error: { code: 'log_not_found' } } });
  });

  it.each([
    ['/api/logs?status=fine', 'status'],
    ['/api/logs?since=soon', 'since'],
    ['/api/logs?until=never', 'until'],
    ['/api/logs?cursor=x', 'cursor'],
    ['/api/logs?limit=1&limit=2', 'limit'],
    [`/api/logs?search=${'x'.repeat(201)}`, 'search'],
    ['/api/events?since=-1', 'since'],
    ['/api/events?since=1&since=2', 'since'],
  ])('refuses %s and names the parameter', async (path, field) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { error: { code: 'invalid_query', field } } });
  });

  it('GET /api/events answers the newest, and what came after a seq', async () => {
    for (const type of ['one', 'two', 'three']) events.publish({ type, level: 'info', message: type });
    expect(await get('/api/events?limit=2')).toMatchObject({ body: { events: [{ type: 'two' }, { type: 'three' }] } });
    expect(await get('/api/events?since=1&limit=1')).toMatchObject({ body: { events: [{ type: 'two' }], nextSeq: 2 } });
    expect(await get('/api/events?since=3')).toMatchObject({ status: 200, body: { events: [], nextSeq: 3 } });
  });
});
