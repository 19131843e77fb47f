/** Transcription, images and realtime calls (codex-wire 2.10). */
import { randomBytes } from 'node:crypto';
import { sendBytes, sendJson } from './answer';
import type { Behaviour } from './behaviour';
import { asArray, asJsonObject, asText } from './json-value';
import { refuseBulkHeaders } from './lean-headers';
import type { Route } from './route';

const MAX_AUDIO_BYTES = 25 * 1024 * 1024;
/** A transparent pixel. */
const PNG_BASE64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

const transcribe: Behaviour = ({ request, response }) => {
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data; boundary=') === true;
  if (!isForm || !request.body.includes('name="file"')) return sendJson(response, 422, { detail: 'file is required' });
  if (request.body.length > MAX_AUDIO_BYTES) return sendJson(response, 413, { detail: 'file too large' });
  sendJson(response, 200, { text: 'A transcribed sentence.' });
};

const image = ({ created = Math.floor(Date.now() / 1000) } = {}): Readonly<Record<string, unknown>> => ({
  created,
  data: [{ b64_json: PNG_BASE64 }],
  usage: { input_tokens: 10, output_tokens: 100, total_tokens: 110 },
});

const generateImage: Behaviour = ({ request, response }) => {
  if (asText(asJsonObject(request.json)['prompt']) === undefined) {
    return sendJson(response, 400, { detail: 'prompt is required' });
  }
  sendJson(response, 200, image());
};

/** Edits are JSON with `images:[{image_url:"data:…"}]`, not multipart. */
const editImage: Behaviour = ({ request, response }) => {
  const images = asArray(asJsonObject(request.json)['images']);
  const valid = images.length > 0 && images.every((entry) => asText(asJsonObject(entry)['image_url']) !== undefined);
  if (!valid) return sendJson(response, 400, { detail: 'images is required' });
  sendJson(response, 200, image());
};

const startCall: Behaviour = ({ request, response }) => {
  if (!request.body.toString('latin1').startsWith('v=0'))
    return sendJson(response, 400, { detail: 'SDP offer expected' });
  const location = `/v1/realtime/calls/rtc_${randomBytes(12).toString('hex')}`;
  sendBytes(response, 201, 'application/sdp', Buffer.from('v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n'), { location });
};

export const mediaRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/backend-api/transcribe',
    name: 'transcribe',
    guard: refuseBulkHeaders,
    standard: transcribe,
  },
  { method: 'POST', path: '/backend-api/codex/images/generations', name: 'images', standard: generateImage },
  { method: 'POST', path: '/backend-api/codex/images/edits', name: 'images', standard: editImage },
  { method: 'POST', path: '/backend-api/codex/realtime/calls', name: 'realtime', standard: startCall },
];
