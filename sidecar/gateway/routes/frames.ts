/** `response.create` frames of `/v1/responses` and `/backend-api/codex/responses`: the same turn as a POST, answered by frames. */
import { TightropeError } from '../../platform/errors';
import { readClientFrame } from '../protocol/client-frame';
import type { ServedModel } from '../protocol/model-names';
import { MAX_FRAME_BYTES, slimFrame } from '../protocol/frame-slimming';
import { prepareResponsesBody, type RouteFlavour } from '../protocol/responses-rules';
import { FrameAnswer } from '../turn/frame-answer';
import { isNativeClient } from '../upstream/request-headers';
import type { FrameHandler } from './router';
import { keepingInvalid, runGeneration, type GenerationServices } from './generation';

export function responsesFrames(services: GenerationServices, flavour: RouteFlavour): FrameHandler {
  return async (turn, sent) => {
    services.noteUserAgent(turn.request.headers['user-agent']);
    turn.record.stream = true;
    const { isPrewarm, prepared } = keepingInvalid(services, turn, sent, () => {
      const frame = readClientFrame(sent);
      if (frame.kind === 'other') throw new TightropeError('invalid_request_error', { param: 'type' });
      const serve = (model: string): ServedModel => services.names.canonical(model);
      return {
        isPrewarm: frame.isPrewarm,
        prepared: prepareResponsesBody(frame.body, flavour, serve, turn.request.headers, 'frame'),
      };
    });
    const body = fitted(prepared.body);
    const spoken = isNativeClient(turn.request.rawHeaders) ? 'codex' : flavour;
    const { timers, keepaliveMs, now } = services;
    const answer = new FrameAnswer(turn, { flavour: spoken, timers, keepaliveMs, now });
    await runGeneration(services, turn, { ...prepared, body }, answer, {
      isPrewarm,
      home: turn.socket.id,
      onConversation: (conversation) => turn.socket.talksIn(conversation),
    });
  };
}

/** The Codex client answers a 413 or a close with 1009 by sending everything again; a 400 stops it (codex-wire 2.5). */
function fitted(body: Buffer): Buffer {
  const slim = body.length > MAX_FRAME_BYTES ? slimFrame(body) : body;
  if (slim.length <= MAX_FRAME_BYTES) return slim;
  throw new TightropeError('payload_too_large', {
    status: 400,
    param: 'input',
    message: `The request is ${String(slim.length)} bytes long; the upstream takes ${String(MAX_FRAME_BYTES)} in one message.`,
  });
}
