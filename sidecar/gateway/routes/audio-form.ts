/**
 * Reads a transcription's form while it arrives, and writes the one that goes upstream: the file as it came, and the prompt
 * (spec/proxy.md 1.7.7). The file is never held; what is wrong behind it is found out when it has been sent.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { TightropeError } from '../../platform/errors';
import { fieldAfterFile, fileHead, formEnd } from '../protocol/form-bytes';
import { ReplayableBody } from '../turn/replayable-body';

/** spec/proxy.md 1.7.7. */
const MOST_AUDIO_BYTES = 25 * 1024 * 1024;
const LIMITS = { fileSize: MOST_AUDIO_BYTES, files: 4, fields: 64, fieldSize: 1024 * 1024 };

export interface AudioFormEvents {
  /** A field, in order of arrival. @throws TightropeError when the route does not take it */
  readonly onField: (name: string, value: string) => void;
  /** The form is complete. @throws TightropeError when the route misses something */
  readonly onEnd: () => void;
  /** The form turned out to be unusable after its file had begun. */
  readonly onLateProblem: (problem: TightropeError) => void;
}

export class AudioForm {
  readonly bodyType: string;
  readonly body: ReplayableBody;
  /** Bytes of audio so far. */
  audioBytes = 0;
  readonly #boundary = `tightrope-${randomBytes(16).toString('hex')}`;
  readonly #events: AudioFormEvents;
  #file: Readable | null = null;
  #prompt = '';
  #settleStart: ((problem: TightropeError | null) => void) | null = null;

  constructor(events: AudioFormEvents) {
    this.#events = events;
    this.bodyType = `multipart/form-data; boundary=${this.#boundary}`;
    this.body = new ReplayableBody(() => this.#file?.resume());
  }

  /** Resolves when the file begins. @throws TightropeError `invalid_request_error`, and what `onField` throws */
  async start(request: IncomingMessage, signal: AbortSignal): Promise<void> {
    const parser = openParser(request);
    parser.on('field', (name, value) => this.#guard(() => this.#takeField(name, value)));
    parser.on('file', (name, stream, info) => {
      stream.once('error', (cause) => this.#fail(badForm('The form could not be read.', cause)));
      if (name === 'file' && this.#file === null) this.#takeFile(stream, info);
      else stream.resume();
    });
    parser.on('close', () => this.#guard(() => this.#finish()));
    parser.on('error', (cause) => this.#fail(badForm('The form could not be read.', cause)));
    signal.addEventListener('abort', () => this.#leave(request, parser), { once: true });
    const started = new Promise<void>((resolve, reject) => {
      this.#settleStart = (problem) => (problem === null ? resolve() : reject(problem));
    });
    request.pipe(parser);
    await started;
  }

  #takeField(name: string, value: string): void {
    if (name === 'prompt') this.#prompt = value;
    else this.#events.onField(name, value);
  }

  #takeFile(stream: Readable, { filename, mimeType }: busboy.FileInfo): void {
    this.#file = stream;
    const head = { name: 'file', filename: filename || 'audio.wav', contentType: mimeType };
    this.body.push(fileHead(this.#boundary, head));
    stream.on('data', (chunk: Buffer) => {
      this.audioBytes += chunk.length;
      if (!this.body.push(chunk)) stream.pause();
    });
    stream.once('limit', () => {
      this.#fail(
        new TightropeError('payload_too_large', { message: 'The audio file is larger than 25 MiB.', param: 'file' }),
      );
    });
    this.#begun(null);
  }

  #finish(): void {
    if (this.audioBytes === 0) throw badForm('An audio file is required.', undefined, 'file');
    this.#events.onEnd();
    if (this.#prompt !== '') this.body.push(fieldAfterFile(this.#boundary, 'prompt', this.#prompt));
    this.body.push(formEnd(this.#boundary));
    this.body.end();
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      if (!(thrown instanceof TightropeError)) throw thrown;
      this.#fail(thrown);
    }
  }

  #fail(problem: TightropeError): void {
    if (this.#settleStart === null) this.#events.onLateProblem(problem);
    else this.#begun(problem);
  }

  #begun(problem: TightropeError | null): void {
    this.#settleStart?.(problem);
    this.#settleStart = null;
  }

  /** The turn is over: what is still to come is read and forgotten, so that the client hears its answer. */
  #leave(request: IncomingMessage, parser: busboy.Busboy): void {
    request.unpipe(parser);
    request.resume();
    this.body.dispose();
    this.#begun(new TightropeError('client_disconnected'));
  }
}

function openParser(request: IncomingMessage): busboy.Busboy {
  try {
    return busboy({ headers: request.headers, limits: LIMITS, defParamCharset: 'utf8' });
  } catch (cause) {
    throw badForm('Send the audio as multipart/form-data with a `file`.', cause);
  }
}

function badForm(message: string, cause: unknown, param?: string): TightropeError {
  return new TightropeError('invalid_request_error', { message, cause, ...(param === undefined ? {} : { param }) });
}
