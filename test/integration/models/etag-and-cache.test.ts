/** Catalogues are fetched once per account and answered with a validator (codex-wire 2.8). */
import { toPath } from '../../fakes/upstream/recorder';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

const PATHS = ['/v1/models', '/backend-api/codex/models?client_version=0.169.0'];

test.each(PATHS)('%s answers 304 to its own ETag and 200 to another', async (path) => {
  const first = await stage.sidecar.call(path);
  const etag = first.headers.etag ?? '';
  expect(etag).toMatch(/^(W\/)?"[^"]+"$/);
  const same = await stage.sidecar.call(path, { headers: { 'if-none-match': etag } });
  expect({ status: same.status, text: same.text, etag: same.headers.etag }).toEqual({ status: 304, text: '', etag });
  const listed = await stage.sidecar.call(path, { headers: { 'if-none-match': `"other", ${etag}` } });
  expect(listed.status).toBe(304);
  const other = await stage.sidecar.call(path, { headers: { 'if-none-match': '"other"' } });
  expect(other.status).toBe(200);
});

test('fifty askers at once cost one upstream call per account', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => stage.sidecar.call(PATHS[index % 2] ?? '')),
  );
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(stage.fake.requests(toPath('/backend-api/codex/models'))).toHaveLength(2);
});
