/** Streams that send one stamped event per interval, spread evenly over the interval. */
import type { Socket } from 'node:net';
import { StampedDelta, streamEnding, streamOpening } from '../wire/answer-bytes';

interface Stream {
  readonly socket: Socket;
  deltas: number;
}

/** Granularity of the pace, ms. */
const TICK_MS = 1;

export class PacedStreams {
  readonly #opening = streamOpening();
  readonly #delta = new StampedDelta();
  readonly #streams = new Map<Socket, Stream>();
  /** One set of streams per tick of the interval. */
  #slots: Set<Stream>[] = [];
  #nextSlot = 0;
  #stride = 1;
  #timer: NodeJS.Timeout | null = null;
  #walkedTick = 0;

  constructor(private readonly nowMicros: () => number) {}

  /** Open streams. */
  get size(): number {
    return this.#streams.size;
  }

  /** Milliseconds between two events of a stream opened from now on. */
  pace(intervalMs: number): void {
    if (this.#streams.size > 0) throw new Error('streams are open');
    this.#slots = Array.from({ length: intervalMs / TICK_MS }, () => new Set<Stream>());
    this.#nextSlot = 0;
    this.#stride = strideFor(this.#slots.length);
  }

  /** Head, created and the first delta at once; the others when their time comes. */
  open(socket: Socket): void {
    const stream = { socket, deltas: 0 };
    this.#streams.set(socket, stream);
    this.#slots[this.#nextSlot]?.add(stream);
    this.#nextSlot = (this.#nextSlot + this.#stride) % this.#slots.length;
    socket.write(this.#opening);
    this.#send(stream);
    this.#timer ??= this.#start();
  }

  /** Forgets the stream of a socket that is gone. */
  drop(socket: Socket): void {
    const stream = this.#streams.get(socket);
    if (stream === undefined) return;
    this.#streams.delete(socket);
    for (const slot of this.#slots) slot.delete(stream);
    if (this.#streams.size === 0) this.#stop();
  }

  /** Sends every stream its completed event. */
  finishAll(): void {
    this.#stop();
    for (const { socket, deltas } of this.#streams.values()) socket.write(streamEnding(deltas));
    this.#streams.clear();
    for (const slot of this.#slots) slot.clear();
  }

  #start(): NodeJS.Timeout {
    this.#walkedTick = this.#tick();
    return setInterval(() => this.#walk(), TICK_MS);
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): number {
    return Math.floor(this.nowMicros() / 1000 / TICK_MS);
  }

  #walk(): void {
    const now = this.#tick();
    while (this.#walkedTick < now) {
      this.#walkedTick += 1;
      const slot = this.#slots[this.#walkedTick % this.#slots.length];
      if (slot !== undefined) for (const stream of slot) this.#send(stream);
    }
  }

  #send(stream: Stream): void {
    stream.deltas += 1;
    stream.socket.write(this.#delta.chunk(stream.deltas, this.nowMicros()));
  }
}

/** Streams opened one after the other go to slots this far apart, so that they do not send together; meets every slot. */
function strideFor(slots: number): number {
  let stride = Math.max(1, Math.floor(slots * 0.382));
  while (commonDivisor(stride, slots) !== 1) stride += 1;
  return stride;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
