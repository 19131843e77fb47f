/** Uploaded files and the second port that takes their bytes, as Azure SAS URLs do (codex-wire 2.10 Files). */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from './request-body';

export interface StoredFile {
  readonly id: string;
  readonly owner: string;
  readonly name: string;
  readonly declaredBytes: number;
  bytes: Buffer | null;
  /** `uploaded` answers `retry` this many times before `success`. */
  retriesLeft: number;
}

export class FileStore {
  readonly files = new Map<string, StoredFile>();
  /** How often `POST …/uploaded` says `retry` first, for files created from now on. */
  retries = 0;
  private readonly server = http.createServer((request, response) => {
    this.put(request, response).catch(() => response.destroy());
  });
  private address = '';

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  create(owner: string, name: string, declaredBytes: number): StoredFile {
    const id = `file_${randomBytes(16).toString('hex')}`;
    const file: StoredFile = { id, owner, name, declaredBytes, bytes: null, retriesLeft: this.retries };
    this.files.set(id, file);
    return file;
  }

  /** URL on the second port that takes or gives the bytes; the signature is part of it. */
  urlOf(file: StoredFile): string {
    return `${this.address}/uploads/${file.id}?sv=2026-01-01&sig=${Buffer.from(file.id).toString('base64url')}`;
  }

  private async put(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://files.test');
    const file = this.files.get(url.pathname.replace('/uploads/', ''));
    const bytes = await readBody(request);
    if (file === undefined || url.searchParams.get('sig') !== Buffer.from(file.id).toString('base64url')) {
      response.writeHead(403).end();
      return;
    }
    if (request.method === 'PUT') {
      file.bytes = bytes;
      response.writeHead(201).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(file.bytes ?? Buffer.alloc(0));
  }
}
