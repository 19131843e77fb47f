/** `POST /v1/audio/transcriptions` and `POST /backend-api/transcribe` (spec/proxy.md 1.7.7): audio streams through. */
import { TightropeError } from '../../platform/errors';
import { textOf } from '../protocol/json-record';
import { invalidField } from '../protocol/responses-validation';
import { parseUpstreamObject } from '../protocol/upstream-json';
import { BodyAnswer, type WholeReply } from '../turn/body-answer';
import type { HttpTurn } from '../turn/http-turn';
import { AudioForm } from './audio-form';
import { runCall, tiesOfCall, type CallServices } from './pool-call';
import type { RouteHandler } from './router';

/** The one model that upstream transcribes with. */
export const TRANSCRIPTION_MODEL = 'gpt-4o-transcribe';

/** `openai` names its model and asks for a format; `chatgpt` is the backend's own form. */
export type TranscriptionForm = 'openai' | 'chatgpt';

export function transcriptionRoute(services: CallServices, form: TranscriptionForm): RouteHandler {
  return async (turn) => {
    turn.record.model = TRANSCRIPTION_MODEL;
    const wishes = new Wishes(form);
    const audio = new AudioForm({
      onField: (name, value) => wishes.take(name, value),
      onEnd: () => wishes.check(),
      onLateProblem: (problem) => turn.interrupt(problem),
    });
    await audio.start(turn.request, turn.cancel.signal);
    const call = {
      method: 'POST',
      path: '/transcribe',
      body: audio.body,
      headers: 'minimal',
      bodyType: audio.bodyType,
      ties: tiesOfCall(services, turn),
    } as const;
    await runCall(services, turn, call, new BodyAnswer(turn, (reply) => shown(turn, audio, wishes, reply)));
  };
}

/** What the form asks for beside the file. */
class Wishes {
  format = 'json';
  #model: string | null = null;
  readonly #form: TranscriptionForm;

  constructor(form: TranscriptionForm) {
    this.#form = form;
  }

  take(name: string, value: string): void {
    if (this.#form === 'chatgpt') return;
    if (name === 'model') this.#takeModel(value);
    if (name === 'response_format') this.#takeFormat(value);
    if (name === 'stream' && value === 'true') {
      throw invalidField('stream', 'Transcriptions are not streamed; leave `stream` out.');
    }
  }

  /** The form is complete. */
  check(): void {
    if (this.#form === 'openai' && this.#model === null) {
      throw invalidField('model', `\`model\` is required; ${TRANSCRIPTION_MODEL} is supported.`);
    }
  }

  #takeModel(value: string): void {
    if (value !== TRANSCRIPTION_MODEL) {
      throw invalidField('model', `The model ${value.slice(0, 100)} is not supported; ${TRANSCRIPTION_MODEL} is.`);
    }
    this.#model = value;
  }

  #takeFormat(value: string): void {
    if (value !== 'json' && value !== 'text') {
      throw invalidField('response_format', 'The response formats json and text are supported.');
    }
    this.format = value;
  }
}

function shown(turn: HttpTurn, audio: AudioForm, wishes: Wishes, reply: WholeReply): WholeReply {
  turn.record.bytesUp = audio.audioBytes;
  if (reply.body.length === 0) throw new TightropeError('upstream_incomplete');
  if (wishes.format === 'json') return reply;
  const text = textOf(parseUpstreamObject(reply.body)['text']) ?? '';
  return { ...reply, headers: withType(reply.headers, 'text/plain; charset=utf-8'), body: Buffer.from(`${text}\n`) };
}

function withType(headers: WholeReply['headers'], type: string): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (headers[i] !== 'content-type') kept.push(headers[i] ?? '', headers[i + 1] ?? '');
  }
  return [...kept, 'content-type', type];
}
