/** The WebSocket side of the fake: accepts upgrades, keeps each socket's own store of responses, serves its frames in order. */
import type { IncomingMessage } from 'node:http';
import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FakeAccount } from './account';
import type { Dispatcher } from './dispatcher';
import { FrameResponse, type ErrorShape } from './frame-response';
import { freshTurnState } from './events';
import { asArray, asJsonObject, asText, type JsonObject } from './json-value';
import type { SocketRecord } from './recorder';
import { parseJson } from './request-body';

/** What upstream takes in one message (codex-wire 2.5: 16 MiB); more closes the socket with 1009. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export class SocketSide {
  readonly records: SocketRecord[] = [];
  /** `false` = pings stay unanswered. */
  answersPings = true;
  /** Shape of refusals. */
  errorShape: ErrorShape = 'nested';
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: true,
    autoPong: false,
  });
  private readonly open = new Set<WebSocket>();

  constructor(private readonly dispatcher: Dispatcher) {
    this.server.on('headers', (headers: string[], message: IncomingMessage) => {
      const turnState = this.turnStates.get(message);
      if (turnState !== undefined) headers.push(`x-codex-turn-state: ${turnState}`, 'openai-model: gpt-5.5');
    });
  }

  private readonly turnStates = new WeakMap<IncomingMessage, string>();

  upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(message);
    response.assignSocket(socket as Socket);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.end());
    const record: SocketRecord = { index: this.records.length, otherFrames: [], open: false, closeCode: null };
    void this.dispatcher.acceptUpgrade(message, response, record).then((account) => {
      if (account === null || socket.destroyed) return;
      response.detachSocket(socket as Socket);
      const turnState = freshTurnState();
      this.dispatcher.issueTurnState(turnState, account);
      this.turnStates.set(message, turnState);
      this.server.handleUpgrade(message, socket, head, (accepted) => this.serve(accepted, message, account, record));
    });
  }

  /** Closes every open socket from this side. */
  closeAll(code: number): void {
    for (const socket of this.open) socket.close(code);
  }

  /** Breaks every open socket without a close frame. */
  breakAll(): void {
    for (const socket of this.open) socket.terminate();
  }

  private serve(socket: WebSocket, message: IncomingMessage, account: FakeAccount, record: SocketRecord): void {
    const session = new SocketSession(socket, message, account, record, this, this.dispatcher);
    this.records.push(record);
    this.open.add(socket);
    record.open = true;
    socket.on('ping', (data) => {
      if (this.answersPings) socket.pong(data);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      this.open.delete(socket);
      record.open = false;
      record.closeCode = code;
    });
    socket.on('message', (data) => session.take(data as Buffer));
  }
}

/** One accepted socket: responses are known to it alone. */
class SocketSession {
  private readonly histories = new Map<string, readonly unknown[]>();
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: WebSocket,
    private readonly message: IncomingMessage,
    private readonly account: FakeAccount,
    private readonly record: SocketRecord,
    private readonly side: SocketSide,
    private readonly dispatcher: Dispatcher,
  ) {}

  take(bytes: Buffer): void {
    const frame = asJsonObject(parseJson(bytes));
    if (frame['type'] !== 'response.create') {
      this.record.otherFrames.push(bytes.toString('utf8'));
      return;
    }
    this.queue = this.queue.then(() => this.answer(bytes, frame));
  }

  private async answer(bytes: Buffer, frame: JsonObject): Promise<void> {
    if (this.socket.readyState !== this.socket.OPEN) return;
    const anchor = asText(frame['previous_response_id']);
    const known = anchor === undefined ? [] : this.histories.get(anchor);
    const history = [...(known ?? []), ...asArray(frame['input'])];
    const outputs: unknown[] = [];
    const response = new FrameResponse(this.socket, this.side.errorShape, {
      sent: (event) => {
        if (event['type'] === 'response.output_item.done') outputs.push(event['item']);
        const id = asText(asJsonObject(event['response'])['id']);
        if (event['type'] === 'response.completed' && id !== undefined && id !== '') {
          this.histories.set(id, [...history, ...outputs]);
        }
      },
    });
    await this.dispatcher.acceptFrame({
      message: this.message,
      response,
      account: this.account,
      socket: this.record,
      bytes,
      json: frame,
      history,
      unknownAnchor: known === undefined ? (anchor ?? null) : null,
    });
  }
}
