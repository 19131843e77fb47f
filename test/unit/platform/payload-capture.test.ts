import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPayloadCapture } from '../../../sidecar/platform/payload-capture';
import { recordingLogger } from './recording-logger';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tightrope-capture-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function filesOf(count: number): Promise<string[]> {
  for (;;) {
    const names = (await readdir(folder)).filter((name) => !name.endsWith('.tmp'));
    if (names.length >= count) return names.sort();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const payload = {
  requestId: 'req/../1',
  route: '/v1/responses',
  reason: 'The body is not valid JSON.',
  rawHeaders: [
    'Authorization',
    'Bearer eyJhbGciOi.secret.token',
    'X-Api-Key',
    'sk-tr-very-secret',
    'User-Agent',
    'curl/8',
  ],
  body: Buffer.from('{"model":'),
};

test('body and redacted headers are kept, readable by the owner alone', async () => {
  createPayloadCapture(folder, () => 1700000000000, recordingLogger())(payload);
  const [meta, body] = await filesOf(2);
  expect([meta, body]).toEqual([
    '1700000000000__v1_responses_req____1.meta.txt',
    '1700000000000__v1_responses_req____1.payload.bin',
  ]);
  expect(await readFile(join(folder, body ?? ''))).toEqual(payload.body);
  const text = await readFile(join(folder, meta ?? ''), 'utf8');
  expect(text).toContain('user-agent: curl/8');
  expect(text).not.toMatch(/secret/);
  expect((await stat(join(folder, body ?? ''))).mode & 0o777).toBe(0o600);
});

test('only the newest fifty stay', async () => {
  let now = 1700000000000;
  const capture = createPayloadCapture(folder, () => (now += 1), recordingLogger());
  for (let i = 0; i < 60; i += 1) capture({ ...payload, requestId: String(i) });
  for (;;) {
    const names = await filesOf(1);
    if (names.some((name) => name.includes('_59.meta')) && names.length === 100) break;
  }
  const names = await filesOf(100);
  expect(names).toHaveLength(100);
  expect(names[0]).toContain('1700000000011_');
});

test('a folder that cannot be made is a warning, not a failure', async () => {
  const logger = recordingLogger();
  const { lines } = logger;
  createPayloadCapture('/dev/null/captures', () => 1, logger)(payload);
  while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(lines[0]).toMatchObject({ level: 'warn', event: 'payload_capture_failed' });
});
