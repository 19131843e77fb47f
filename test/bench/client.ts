/** The bench's load client: a process of its own that is told by calls what to send where. */
import { ClosedLoop } from './load/closed-loop';
import type { LoadTarget } from './load/client-connection';
import type { Load, LoadPlan, LoadWindow } from './load/load-window';
import { OpenLoop } from './load/open-loop';
import { SlowStreams, type StreamEnds, type StreamOpenings, type StreamWindow } from './load/slow-streams';
import { announceReady, serveCalls } from './processes/control';
import { createMonotonicClock } from './wire/monotonic-clock';
import { RequestFactory, type BodySize } from './wire/request-bytes';

interface Traffic {
  readonly target: LoadTarget;
  readonly body: BodySize;
  readonly connections: number;
}

/** What `prepare` is told. */
export interface LoadOrder extends Traffic {
  /** Deltas that every answer has. */
  readonly deltas: number;
  /** Requests per second of an open loop; `null` = closed loop. */
  readonly ratePerSecond: number | null;
}

/** What `openStreams` is told. */
export interface StreamOrder extends Traffic {
  /** Milliseconds between two openings. */
  readonly spacingMs: number;
}

export interface ClientOperations {
  /** Connects; nothing is sent yet. */
  readonly prepare: { readonly args: LoadOrder; readonly result: null };
  readonly run: { readonly args: { readonly ms: number }; readonly result: LoadWindow };
  readonly close: { readonly args: null; readonly result: null };
  readonly openStreams: { readonly args: StreamOrder; readonly result: StreamOpenings };
  readonly watchStreams: { readonly args: { readonly ms: number }; readonly result: StreamWindow };
  readonly endStreams: { readonly args: null; readonly result: StreamEnds };
}

/** Plays the role `client`. */
export function runClient(): void {
  const nowMicros = createMonotonicClock();
  let load: Load | null = null;
  let streams: SlowStreams | null = null;

  const planFor = ({ target, body, connections }: Traffic, deltas: number | null): LoadPlan => {
    const factory = new RequestFactory(body, target.path, target.headers);
    return { port: target.port, request: (number) => factory.request(number), deltas, connections, nowMicros };
  };

  serveCalls<ClientOperations>({
    prepare: async (order) => {
      load?.close();
      const plan = planFor(order, order.deltas);
      load = order.ratePerSecond === null ? new ClosedLoop(plan) : new OpenLoop(plan, order.ratePerSecond);
      await load.connect();
      return null;
    },
    run: ({ ms }) => required(load).run(ms),
    close: () => {
      load?.close();
      load = null;
      return null;
    },
    openStreams: (order) => {
      streams = new SlowStreams(planFor(order, null));
      return streams.open(order.spacingMs);
    },
    watchStreams: ({ ms }) => required(streams).watch(ms),
    endStreams: () => required(streams).end(),
  });
  announceReady({ port: 0 });
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('nothing was prepared');
  return value;
}
