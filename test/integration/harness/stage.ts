/** A fake upstream and a sidecar that pools its accounts: what nearly every integration test stands on. */
import { startFakeUpstream, type FakeUpstream, type FakeUpstreamOptions } from '../../fakes/upstream/fake-upstream';
import type { Json } from './json-call';
import { Sidecar, type SidecarOptions } from './sidecar';

export interface StageOptions extends FakeUpstreamOptions {
  readonly env?: SidecarOptions['env'];
  readonly args?: SidecarOptions['args'];
  /** `false` starts with an empty pool; default all of the fake's accounts, in order. */
  readonly importAll?: boolean;
}

export interface Stage {
  readonly fake: FakeUpstream;
  readonly sidecar: Sidecar;
  /** Account objects of the API, in the order of the fake's accounts; empty without import. */
  readonly pool: readonly Json[];
  /** Stops both; fails on a wrong exit code, a leaked secret or a fault of the fake itself. */
  close(): Promise<void>;
}

/** Starts both and imports the accounts. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const { env, args, importAll = true, ...fakeOptions } = options;
  const fake = await startFakeUpstream(fakeOptions);
  try {
    const sidecar = await Sidecar.start({
      fake,
      ...(env === undefined ? {} : { env }),
      ...(args === undefined ? {} : { args }),
    });
    const close = async (): Promise<void> => {
      try {
        await sidecar.stop();
      } finally {
        await sidecar.discard();
        await fake.close();
      }
      expect(fake.failures).toEqual([]);
    };
    try {
      const pool = importAll && fake.accounts.length > 0 ? await sidecar.importAccounts(fake.accounts) : [];
      return { fake, sidecar, pool, close };
    } catch (error) {
      await sidecar.discard();
      throw error;
    }
  } catch (error) {
    await fake.close();
    throw error;
  }
}
