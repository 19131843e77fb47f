/** Takes the data directory named on the command line, tells so, and stays until it is killed. */
import { lockDataDirectory } from '../../../../sidecar/platform/data-directory';

async function main(directory: string): Promise<void> {
  const lock = await lockDataDirectory(directory);
  await lock.announce({ address: 'http://127.0.0.1:2455', version: '1.2.3', instanceId: 'instance' });
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
}

void main(process.argv[2] ?? '');
