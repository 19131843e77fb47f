/**
 * Keeps request bodies that could not be read, for debugging a client. Off unless a folder is named
 * (`TIGHTROPE_INVALID_PAYLOAD_CAPTURE_DIR`); files hold prompts, so they are 0600 and only the newest few stay
 * (spec/data-security.md 13).
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file';
import type { Logger } from './logger';
import { createPrivateDirectory } from './private-directory';
import { redactText } from './redact';

export interface CapturedPayload {
  readonly requestId: string;
  readonly route: string;
  readonly reason: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

export type CapturePayload = (payload: CapturedPayload) => void;

/** Pairs of files kept; older ones go with each new capture. */
const KEPT = 50;
/** Never written, not even redacted. */
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key', 'chatgpt-account-id']);

/** Returns at once; what cannot be written is a warning in the log. */
export function createPayloadCapture(folder: string, now: () => number, logger: Logger): CapturePayload {
  let writing = Promise.resolve();
  return (payload) => {
    const name = `${String(now())}_${payload.route.replace(/[^a-z0-9]+/gi, '_')}_${payload.requestId.replace(/[^\w-]/g, '_')}`;
    writing = writing
      .then(() => write(folder, name, payload))
      .catch((error: unknown) => logger.warn('payload_capture_failed', { folder, error }));
  };
}

async function write(folder: string, name: string, payload: CapturedPayload): Promise<void> {
  await createPrivateDirectory(folder);
  await writeFileAtomic(join(folder, `${name}.payload.bin`), payload.body, 0o600);
  await writeFileAtomic(join(folder, `${name}.meta.txt`), describe(payload), 0o600);
  const names = (await readdir(folder)).filter((entry) => /^\d+_.*\.(payload\.bin|meta\.txt)$/.test(entry)).sort();
  for (const old of names.slice(0, Math.max(0, names.length - 2 * KEPT))) await rm(join(folder, old), { force: true });
}

function describe({ requestId, route, reason, rawHeaders, body }: CapturedPayload): string {
  const lines = [`request ${requestId}`, `route ${route}`, `size ${String(body.length)} bytes`, `reason ${reason}`, ''];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    lines.push(`${name}: ${SECRET_HEADERS.has(name) ? '[redacted]' : redactText(rawHeaders[i + 1] ?? '')}`);
  }
  return `${lines.join('\n')}\n`;
}
