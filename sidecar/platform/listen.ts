/** Binds a server, and says who is there when the port is taken. */
import { get, type Server } from 'node:http';
import { TightropeError } from './errors';

/** Who answers on a taken port. */
export interface PortOwner {
  readonly owner: 'tightrope' | 'other';
  readonly version?: string;
}

const PROBE_TIMEOUT_MS = 1500;
const PROBE_LIMIT_BYTES = 16 * 1024;

/**
 * @param port 0 = any free one
 * @returns the address people use: `http://127.0.0.1:2455`
 * @throws TightropeError `port_in_use` with `details` {host, port, owner, version?}; `listen_failed` for anything else
 */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  try {
    await bind(server, host, port);
  } catch (thrown) {
    throw await explain(thrown, host, port);
  }
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return `http://${authority(host, boundPort)}`;
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function explain(thrown: unknown, host: string, port: number): Promise<TightropeError> {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown';
  if (code !== 'EADDRINUSE') {
    return new TightropeError('listen_failed', {
      message: `Cannot listen on ${authority(host, port)} (${code}). Choose another --host or --port.`,
      cause: thrown,
    });
  }
  const found = await portOwner(host, port);
  const who = found.owner === 'tightrope' ? `Tightrope ${found.version ?? ''}`.trim() : 'another program';
  return new TightropeError('port_in_use', {
    message: `Port ${String(port)} on ${host} is taken by ${who}. Stop it, or choose another port with --port.`,
    details: { host, port, ...found },
    cause: thrown,
  });
}

/** Asks `/health` on the port; everything that does not answer like us is `other`. */
export function portOwner(host: string, port: number): Promise<PortOwner> {
  return new Promise((resolve) => {
    const other = (): void => resolve({ owner: 'other' });
    const request = get(`http://${authority(host, port)}/health`, { timeout: PROBE_TIMEOUT_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > PROBE_LIMIT_BYTES) request.destroy();
      });
      response.on('end', () => resolve(readHealth(body)));
      response.on('error', other);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', other);
  });
}

function readHealth(body: string): PortOwner {
  try {
    const health: unknown = JSON.parse(body);
    const ours = typeof health === 'object' && health !== null && 'instanceId' in health && 'version' in health;
    return ours ? { owner: 'tightrope', version: String(health.version) } : { owner: 'other' };
  } catch {
    // Whatever answered does not speak our health format.
    return { owner: 'other' };
  }
}

/** `host:port` as a URL needs it; a wildcard address is reached over loopback. */
function authority(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${String(port)}`;
}
