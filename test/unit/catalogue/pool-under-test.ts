import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import {
  CatalogueService,
  type CatalogueAccounts,
  type CatalogueOptions,
} from '../../../sidecar/catalogue/catalogue-service';
import { ClientVersions } from '../../../sidecar/catalogue/client-version';
import { floorModels } from '../../../sidecar/catalogue/floor';
import { createFetchModels } from '../../../sidecar/catalogue/upstream-models';
import { recordingLogger, type RecordingLogger } from '../admin/recording-logger';
import type { ModelUpstream } from './model-upstream';

/** A catalogue over a real HTTP upstream, a fake pool and a clock that the test turns. */
export interface PoolUnderTest {
  readonly service: CatalogueService;
  readonly logger: RecordingLogger;
  /** Ids in rotation. The token of account `a` is `a`, after a replacement `a2`. */
  usable: string[];
  readonly replaced: string[];
  nowMs: number;
  slugs(clientVersion?: string): Promise<unknown[]>;
}

export function poolOver(
  upstream: ModelUpstream,
  usable: string[],
  more: Partial<CatalogueOptions> = {},
): PoolUnderTest {
  const logger = recordingLogger();
  const accounts: CatalogueAccounts = {
    usable: () => pool.usable.map((id) => ({ id, chatgptAccountId: id === 'nameless' ? null : `workspace-${id}` })),
    accessToken: async (id) => id,
    replaceToken: async (id, rejected) => {
      pool.replaced.push(rejected);
      return `${id}2`;
    },
  };
  const service = new CatalogueService({
    accounts,
    fetchModels: createFetchModels({
      baseUrl: upstream.baseUrl,
      connectTimeoutMs: 1_000,
      timeoutMs: 2_000,
      userAgent: 'tightrope/test',
      agents: { http: new HttpAgent(), https: new HttpsAgent() },
    }),
    versions: new ClientVersions(null),
    floor: floorModels(),
    clock: { now: () => pool.nowMs },
    logger,
    ...more,
  });
  const pool: PoolUnderTest = {
    service,
    logger,
    usable,
    replaced: [],
    nowMs: 1_790_000_000_000,
    slugs: async (clientVersion) => {
      const { models } = await service.catalogue(clientVersion, AbortSignal.timeout(5_000));
      return models.map((entry) => entry['slug']);
    },
  };
  return pool;
}

export const MINUTES = 60_000;
