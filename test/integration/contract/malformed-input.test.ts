/** Whatever is sent to an operation, the answer is one of ours: never a 5xx, never silence (issue 6; a seeded tenth). */
import fc from 'fast-check';
import { ApiDocument, type ApiOperation } from '../harness/api-document';
import { within } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

const SEED = 20_260_301;
const RUNS = 100;
/**
 * They end the process, lock it, go out to a login provider, answer with a page, or are all one refusal (cluster, which
 * one of them stands for).
 */
const APART =
  /^POST \/api\/(?:runtime\/shutdown|database\/lock|oauth\/(?:start|restart))$|\/auth\/callback|\/api\/(?:sync|cluster)\/(?!enable)/;

interface Attack {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly type: string;
}

const word = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 10 }), fc.constant('..%2f'));

function attackOn({ path, query }: ApiOperation): fc.Arbitrary<Attack> {
  const names = query.length === 0 ? fc.constant('limit') : fc.constantFrom(...query);
  return fc.record({
    path: word.map((given) => path.replaceAll(/\{\w+\}/g, encodeURIComponent(given.toWellFormed()))),
    query: fc.dictionary(names, word, { maxKeys: 3 }),
    body: fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.string({ maxLength: 200 }),
      fc
        .dictionary(
          fc.constantFrom('name', 'id', 'limits', 'authJson', 'passphrase', 'email', 'accountId'),
          fc.jsonValue(),
        )
        .map((value) => JSON.stringify(value)),
    ),
    type: fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'application/json'),
  });
}

describe('malformed input', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ accounts: 1 });
  });

  afterAll(() => stage.close());

  it('is answered with a 4xx in the envelope, or taken', async () => {
    const { operations } = await ApiDocument.of(stage.sidecar);
    const complaints: string[] = [];
    for (const operation of operations.filter(({ name }) => !APART.test(name))) {
      const attacks = fc.sample(attackOn(operation), { seed: SEED, numRuns: RUNS });
      for (let start = 0; start < attacks.length; start += 10) {
        const answers = await Promise.all(attacks.slice(start, start + 10).map((attack) => send(operation, attack)));
        complaints.push(...answers.filter((answer) => answer !== null));
      }
    }
    expect(complaints.slice(0, 20)).toEqual([]);
    await stage.sidecar.expectUnharmed();
  }, 240_000);

  async function send({ method, name }: ApiOperation, attack: Attack): Promise<string | null> {
    const query = new URLSearchParams(attack.query).toString();
    const hasBody = method !== 'GET' && method !== 'DELETE';
    const answer = await within(
      `an answer to ${name} ${JSON.stringify(attack)}`,
      stage.sidecar.call(`${attack.path}${query === '' ? '' : `?${query}`}`, {
        method,
        headers: {
          authorization: `Bearer ${stage.sidecar.adminToken}`,
          ...(hasBody ? { 'content-type': attack.type } : {}),
        },
        ...(hasBody ? { body: attack.body } : {}),
      }),
    );
    if (answer.status < 400) return null;
    if (answer.status < 500 && hasEnvelope(answer.text)) return null;
    return `${name} ${JSON.stringify(attack)}: ${answer.status} ${answer.text.slice(0, 300)}`;
  }
});

function hasEnvelope(text: string): boolean {
  const { error } = JSON.parse(text) as { readonly error?: Json };
  return typeof error?.['code'] === 'string' && typeof error['message'] === 'string';
}
