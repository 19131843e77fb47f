/** A client that does not read makes Tightrope stop reading upstream: memory stays bounded, nothing is lost (design §3.8). */
import { readFile } from 'node:fs/promises';
import { MIB } from '../../fakes/upstream/big-events';
import { Flood } from '../../fakes/upstream/flood';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

const EVENTS = 4096;
const DELTA_BYTES = 64 * 1024;
const TOTAL_MIB = (EVENTS * DELTA_BYTES) / MIB;

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Resident memory of the sidecar in MiB, from /proc. */
async function residentMiB(): Promise<number> {
  const status = await readFile(`/proc/${stage.sidecar.program.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

test.each(RESPONSE_ROUTES)(
  '$path: 256 MiB for a reader that waits',
  async ({ path, body }) => {
    const flood = new Flood({ events: EVENTS, deltaBytes: DELTA_BYTES });
    stage.fake.account(0).responses.next(flood.behaviour);
    const before = await residentMiB();
    const stream = await stage.sidecar.stream(path, body());
    await flood.stalled;
    // Fifty whole turns pass through the same process meanwhile: time enough for a relay that does not pause to swallow all.
    for (let turn = 0; turn < 50; turn += 1) await stage.sidecar.post(path, body());
    expect(flood.sentBytes / MIB).toBeLessThan(TOTAL_MIB / 4);
    expect((await residentMiB()) - before).toBeLessThan(96);

    let deltas = 0;
    let last = '';
    for (let event = await stream.next(); event !== null; event = await stream.next()) {
      if (event.kind === 'comment' || event.name === 'codex.keepalive') continue;
      last = event.data.length > 1000 ? 'delta' : jsonOf(event).type;
      if (last === 'delta') deltas += 1;
    }
    expect({ deltas, last }).toEqual({ deltas: EVENTS, last: 'response.completed' });
    expect((await residentMiB()) - before).toBeLessThan(128);
  },
  120_000,
);
