/** `POST /backend-api/files` and `…/files/{id}/uploaded` (codex-wire 2.10 Files). */
import { sendJson } from './answer';
import type { FileStore } from './file-store';
import { asJsonObject, asText } from './json-value';
import { refuseBulkHeaders } from './lean-headers';
import type { Route } from './route';

const MAX_FILE_BYTES = 512 * 1024 * 1024;
const UPLOADED = /^\/backend-api\/files\/([^/]+)\/uploaded$/;

/** Both routes over one store; a file answers only to the account that made it. */
export function filesRoutes(store: FileStore): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/backend-api/files',
      name: 'files',
      guard: refuseBulkHeaders,
      standard: ({ request, response, account, ownership }) => {
        const body = asJsonObject(request.json);
        const size = Number(body['file_size']);
        const name = asText(body['file_name']);
        if (name === undefined || !(size > 0 && size <= MAX_FILE_BYTES)) {
          return sendJson(response, 422, { detail: 'file_name and file_size are required' });
        }
        const file = store.create(account.name, name, size);
        ownership.issue('file_id', file.id, account);
        sendJson(response, 200, { file_id: file.id, upload_url: store.urlOf(file) });
      },
    },
    {
      method: 'POST',
      path: UPLOADED,
      name: 'files',
      guard: refuseBulkHeaders,
      standard: ({ request, response, account }) => {
        const file = store.files.get(UPLOADED.exec(request.path)?.[1] ?? '');
        if (file === undefined || file.owner !== account.name)
          return sendJson(response, 404, { detail: 'File not found' });
        if (file.bytes === null) return sendJson(response, 200, { status: 'failed' });
        if (file.retriesLeft > 0) {
          file.retriesLeft -= 1;
          return sendJson(response, 200, { status: 'retry' });
        }
        const facts = { file_name: file.name, mime_type: 'application/octet-stream', download_url: store.urlOf(file) };
        sendJson(response, 200, { status: 'success', ...facts });
      },
    },
  ];
}
