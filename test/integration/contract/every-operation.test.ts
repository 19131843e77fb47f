/** Every operation of the OpenAPI document is called, and answers what the document says. */
import { codexBody } from '../harness/bodies';
import { ApiDocument, type ApiOperation } from '../harness/api-document';
import { openStage, type Stage } from '../harness/stage';

/** Bodies with which an operation does its work; the others get an empty object. */
const BODIES: Readonly<Record<string, unknown>> = {
  'PUT /api/settings': { theme: 'light' },
  'PATCH /api/runtime/proxy': { autoRestart: true },
  'PATCH /api/accounts/{id}': { alias: 'First' },
  'POST /api/routing/preview': { model: 'gpt-5.5' },
  'POST /api/export': { passphrase: 'a long passphrase' },
  'POST /api/accounts/import': { email: 'row@example.com', provider: 'openai' },
  'POST /api/client-errors': { message: 'broken' },
  'POST /api/api-keys': { name: 'test' },
  'POST /api/firewall/ips': { ipAddress: '127.0.0.1' },
  'POST /api/backup': {},
};

/** These need no preparation: anything but 200 would be a defect. */
const isPlainRead = ({ method, path }: ApiOperation): boolean =>
  method === 'GET' && !path.includes('{') && !/^\/(?:api\/cluster\/(?!status)|auth\/callback)/.test(path);

/** They end the process or lock it; each has tests of its own. */
const APART = new Set([
  'POST /api/runtime/shutdown',
  'POST /api/database/lock',
  'POST /api/dashboard-auth/password/setup',
]);

describe('every operation of the document', () => {
  let stage: Stage;
  let document: ApiDocument;
  let ids: Readonly<Record<string, string>>;

  beforeAll(async () => {
    stage = await openStage({ accounts: 2 });
    const answer = await stage.sidecar.post('/backend-api/codex/responses', codexBody());
    const requestId = String(answer.headers['x-request-id']);
    await stage.sidecar.logRow(requestId);
    document = await ApiDocument.of(stage.sidecar);
    ids = { '/api/accounts/': String(stage.pool[0]?.['accountId']), '/api/logs/': requestId };
  });

  afterAll(() => stage.close());

  function pathOf({ path }: ApiOperation): string {
    const prefix = Object.keys(ids).find((one) => path.startsWith(one));
    const known = prefix === undefined ? '1' : (ids[prefix] ?? '1');
    return path.replaceAll(/\{\w+\}/g, encodeURIComponent(known));
  }

  /** Reads first, what takes away last. */
  const order = ({ method }: ApiOperation): number => ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'].indexOf(method);

  it('answers as documented', async () => {
    const complaints: string[] = [];
    const operations = [...document.operations].sort((a, b) => order(a) - order(b));
    expect(operations.length).toBeGreaterThan(50);
    for (const operation of operations.filter(({ name }) => !APART.has(name))) {
      const { method, name, hasBody } = operation;
      const body = BODIES[name] ?? (hasBody ? {} : undefined);
      const answer = await stage.sidecar.admin(method, pathOf(operation), body);
      const wrong = document.complaint(operation, answer.status, answer.text);
      if (wrong !== null) complaints.push(`${name}: ${wrong}`);
      if (answer.status >= 500) complaints.push(`${name}: ${answer.status} ${answer.text}`);
      if (isPlainRead(operation) && answer.status !== 200) complaints.push(`${name}: ${answer.status} ${answer.text}`);
      if (BODIES[name] !== undefined && answer.status >= 300)
        complaints.push(`${name}: ${answer.status} ${answer.text}`);
      if (answer.text.includes('"code":"not_found"')) {
        complaints.push(`${name} is documented and not served`);
      }
    }
    expect(complaints).toEqual([]);
  });

  it('is shown as a page that may run nothing', async () => {
    const page = await stage.sidecar.admin('GET', '/api/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    for (const { path } of document.operations) expect(page.text).toContain(path);
  });
});
