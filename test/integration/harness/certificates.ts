/** A certificate authority of the test's own and a server certificate signed by it, made by openssl. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Certificates {
  /** For `NODE_EXTRA_CA_CERTS`. */
  readonly caFile: string;
  readonly key: Buffer;
  readonly cert: Buffer;
}

function openssl(folder: string, args: readonly string[]): void {
  try {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const message = missing
      ? 'The network tests make their certificates with openssl, which is not installed here. Install it (apt-get install openssl) and run again.'
      : `openssl ${args.join(' ')} failed`;
    throw new Error(message, { cause: error });
  }
}

/** Makes both in `folder`. `names` are DNS names of the server; 127.0.0.1 is always in. */
export function makeCertificates(folder: string, names: readonly string[]): Certificates {
  const alternatives = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',');
  writeFileSync(path.join(folder, 'server.ext'), `subjectAltName=${alternatives}\n`);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(folder, [
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test-ca',
  ]);
  openssl(folder, ['req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=test-server']);
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'server.ext'];
  openssl(folder, ['x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...signing]);
  return {
    caFile: path.join(folder, 'ca.pem'),
    key: readFileSync(path.join(folder, 'server.key')),
    cert: readFileSync(path.join(folder, 'server.pem')),
  };
}
