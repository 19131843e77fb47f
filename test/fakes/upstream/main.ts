/** `npm run fake-upstream`: the fake as a process, for trying Tightrope by hand. */
import { parseArgs } from 'node:util';
import path from 'node:path';
import { writeAuthJsonFiles } from './auth-json';
import { startFakeUpstream } from './fake-upstream';
import { reply } from './reply';

const USAGE = `npm run fake-upstream -- [--port N] [--accounts N] [--write-auth FOLDER] [--delay-ms N] [--strict]

  --port N            port to listen on (default 9100, 0 = a free one)
  --accounts N        how many logins it knows (default 2)
  --write-auth DIR    write one auth.json per login into DIR
  --delay-ms N        milliseconds between two events of an answer (default 0)
  --strict            answer 400 when one account's opaque values reach another
`;

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} needs a whole number, not "${text}"`);
  return value;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '9100' },
      accounts: { type: 'string', default: '2' },
      'write-auth': { type: 'string' },
      'delay-ms': { type: 'string', default: '0' },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const fake = await startFakeUpstream({
    port: wholeNumber(values.port, 'port'),
    accounts: wholeNumber(values.accounts, 'accounts'),
    strict: values.strict,
    keepBodies: false,
  });
  const delayMs = wholeNumber(values['delay-ms'], 'delay-ms');
  if (delayMs > 0) fake.scripts.responses.always(reply({ delayMs }));
  const lines = [`fake upstream listening on ${fake.address}`];
  for (const [name, value] of Object.entries(fake.env)) lines.push(`${name}=${value}`);
  const folder = values['write-auth'];
  if (folder !== undefined) lines.push(...(await writeAuthJsonFiles(path.resolve(folder), fake.accounts)));
  process.stdout.write(`${lines.join('\n')}\n`);
  const stop = (): void => {
    void fake.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`fake upstream: ${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  process.exitCode = 1;
});
