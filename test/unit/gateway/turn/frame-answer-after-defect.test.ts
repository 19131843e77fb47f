/** A turn that a defect has ended sends no keepalives on the socket that outlives it. */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createCoarseTimers } from '../../../../sidecar/platform/coarse-timers';
import { FrameAnswer } from '../../../../sidecar/gateway/turn/frame-answer';
import { FrameTurn, type FrameClient } from '../../../../sidecar/gateway/turn/frame-turn';
import { eventually } from '../../../integration/harness/eventually';

class ClientEnd extends EventEmitter implements FrameClient {
  readonly id = 'client';
  readonly sent: string[] = [];
  send(frame: Buffer | string): boolean {
    this.sent.push(String(frame));
    return true;
  }
  ping(): void {
    this.sent.push('ping');
  }
  talksIn(): void {
    this.emit('talks');
  }
  destroy(): void {
    this.emit('close');
  }
}

test('keepalives stop with the turn, whoever ended it', async () => {
  const timers = createCoarseTimers(5);
  const client = new ClientEnd();
  const turn = new FrameTurn({ method: 'GET', headers: {} } as IncomingMessage, client, {
    id: 'turn',
    requestId: 'request',
    path: '/backend-api/codex/responses',
    nowMs: 0,
    strategy: 'usage_weighted',
    ledger: { record: () => undefined },
    pooledHeaders: () => [],
    leave: () => undefined,
    caller: { apiKeyId: null, seesAccount: true },
  });
  const answer = new FrameAnswer(turn, { flavour: 'codex', keepaliveMs: 5, timers, now: () => 0 });
  try {
    await eventually('a keepalive', () => (client.sent.length > 0 ? true : undefined));
    turn.answered(500);
    const sentThen = client.sent.length;
    let walks = 0;
    const walk = timers.arm(5, () => {
      walks += 1;
      walk.rearm(5);
    });
    await eventually('the timers to walk on', () => (walks > 4 ? true : undefined));
    expect(client.sent).toHaveLength(sentThen);
    expect(answer.visible).toBe(false);
  } finally {
    timers.stop();
  }
});
