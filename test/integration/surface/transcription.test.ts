/** Audio streams through both transcription routes: a form in, a form out (spec/proxy.md 1.7.7). */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { serverError, unauthorized, usageLimit } from '../../fakes/upstream/error-faults';
import { toPath, type RecordedRequest } from '../../fakes/upstream/recorder';
import { errorOf, type WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3, strict: true });
});
afterEach(() => stage.close());

const OPENAI = '/v1/audio/transcriptions';
const CHATGPT = '/backend-api/transcribe';
const MIB = 1024 * 1024;

type Part = readonly [name: string, value: string | Buffer];

function form(parts: readonly Part[]): Buffer {
  const pieces = parts.flatMap(([name, value]) => {
    const file = typeof value === 'string' ? '' : '; filename="a \\"b\\".wav"\r\ncontent-type: audio/wav';
    return [`--B\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`, value, '\r\n'];
  });
  return Buffer.concat([...pieces, '--B--\r\n'].map((piece) => Buffer.from(piece)));
}

const send = (path: string, parts: readonly Part[], more: Record<string, string> = {}): Promise<WholeAnswer> =>
  stage.sidecar.call(path, {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=B', 'x-stainless-os': 'Linux', ...more },
    body: form(parts),
  });
const asked = (): RecordedRequest[] => stage.fake.requests(toPath(CHATGPT));
const AUDIO = Buffer.from('RIFF-audio-bytes');
const MODEL: Part = ['model', 'gpt-4o-transcribe'];

test('file and prompt go on, the model does not, headers are minimal', async () => {
  const got = await send(OPENAI, [['file', AUDIO], MODEL, ['prompt', 'Names: Ada'], ['language', 'en']], {
    'x-request-id': 'audio-1',
  });
  expect({ status: got.status, json: got.json }).toEqual({ status: 200, json: { text: 'A transcribed sentence.' } });
  const [request] = asked();
  const body = request?.body.toString('latin1') ?? '';
  expect(body).toContain(
    'name="file"; filename="a %22b%22.wav"\r\ncontent-type: audio/wav\r\n\r\nRIFF-audio-bytes\r\n--',
  );
  expect(body).toContain('name="prompt"\r\n\r\nNames: Ada\r\n--');
  expect(body).not.toContain('gpt-4o-transcribe');
  expect(await stage.sidecar.logRow('audio-1')).toMatchObject({ statusCode: 200, model: 'gpt-4o-transcribe' });
});

test('text instead of JSON where it is asked for', async () => {
  const got = await send(OPENAI, [['response_format', 'text'], MODEL, ['file', AUDIO]]);
  expect(got.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(got.text).toBe('A transcribed sentence.\n');
});

test('the backend’s own route needs no model', async () => {
  expect((await send(CHATGPT, [['file', AUDIO]])).json).toEqual({ text: 'A transcribed sentence.' });
});

test.each<[string, readonly Part[], string]>([
  [
    'another model',
    [
      ['model', 'whisper-1'],
      ['file', AUDIO],
    ],
    'model',
  ],
  [
    'another model behind the file',
    [
      ['file', AUDIO],
      ['model', 'whisper-1'],
    ],
    'model',
  ],
  ['no model', [['file', AUDIO]], 'model'],
  ['no file', [MODEL], 'file'],
  ['an empty file', [MODEL, ['file', Buffer.alloc(0)]], 'file'],
  ['a format that is not made', [['file', AUDIO], MODEL, ['response_format', 'srt']], 'response_format'],
  ['a stream', [['file', AUDIO], MODEL, ['stream', 'true']], 'stream'],
])('%s is refused', async (_name, parts, param) => {
  const got = await send(OPENAI, parts);
  expect({ status: got.status, error: errorOf(got) }).toMatchObject({
    status: 400,
    error: { code: 'invalid_request_error', param },
  });
});

test('what is no form, and what breaks off, is refused', async () => {
  expect((await stage.sidecar.post(OPENAI, { model: 'gpt-4o-transcribe' })).status).toBe(400);
  const cut = form([MODEL, ['file', AUDIO]]).subarray(0, -20);
  const headers = { 'content-type': 'multipart/form-data; boundary=B' };
  expect((await stage.sidecar.call(OPENAI, { method: 'POST', headers, body: cut })).status).toBe(400);
  await stage.sidecar.expectUnharmed();
});

test.each([
  ['500', serverError(500)],
  ['a limit', usageLimit()],
  ['a refused login', unauthorized('token_invalidated')],
])('%s moves to another account with the same audio', async (_name, fault) => {
  stage.fake.scripts.transcribe.next(fault);
  const audio = Buffer.alloc(MIB, 'a');
  expect((await send(OPENAI, [['file', audio], MODEL])).status).toBe(200);
  const bodies = asked().map(({ body }) => body);
  expect(bodies.length).toBeGreaterThan(1);
  expect(bodies.every((body) => body.includes(audio))).toBe(true);
});

test('a file above 25 MiB is refused', async () => {
  const got = await send(OPENAI, [MODEL, ['file', Buffer.alloc(25 * MIB + 1)]]);
  expect({ status: got.status, code: errorOf(got)['code'] }).toEqual({ status: 413, code: 'payload_too_large' });
});

/** Peak resident memory of the sidecar, bytes (Linux). */
function peakBytes(): number {
  const status = readFileSync(`/proc/${stage.sidecar.program.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

test('20 MiB pass without being held', async () => {
  // Code that is compiled and heap that is grown by any use are not the audio's.
  for (let use = 0; use < 4; use += 1) await send(OPENAI, [MODEL, ['file', Buffer.alloc(MIB, 1)]]);
  const before = peakBytes();
  const body = form([MODEL, ['file', Buffer.alloc(20 * MIB, 2)]]);
  const half = body.length / 2;
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=B', 'content-length': String(body.length) };
    const request = http.request(stage.sidecar.url(OPENAI), { method: 'POST', headers, agent: false }, resolve);
    request.once('error', reject);
    request.write(body.subarray(0, half), () => {
      request.end(body.subarray(half));
    });
  });
  answer.resume();
  expect(answer.statusCode).toBe(200);
  expect(asked().at(-1)?.body.length).toBeGreaterThan(20 * MIB);
  expect(peakBytes() - before).toBeLessThan(16 * MIB);
});
