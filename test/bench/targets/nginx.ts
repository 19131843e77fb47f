/** Baseline `nginx`: one worker, no buffering of answers, kept upstream connections, no access log. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeTempFolder } from '../../integration/harness/temp-folder';
import { OwnedProcess } from '../processes/owned-process';
import { freePort } from './free-port';
import { reachable } from './reachable';
import { codexLoad, type Target } from './target';

const READY_WITHIN_MS = 5_000;

/** Version of the nginx on the PATH, `null` when there is none. */
export function nginxVersion(): string | null {
  const { status, stderr } = spawnSync('nginx', ['-v'], { encoding: 'utf8' });
  return status === 0 ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? 'unknown') : null;
}

export async function startNginx(upstreamPort: number): Promise<Target> {
  const folder = await makeTempFolder('tightrope-bench-nginx-');
  const port = await freePort();
  const file = path.join(folder.path, 'nginx.conf');
  await writeFile(file, configuration(folder.path, port, upstreamPort));
  const own = new OwnedProcess({ side: 'subject', command: ['nginx', '-p', folder.path, '-c', file, '-e', 'stderr'] });
  const stop = async (): Promise<void> => {
    await own.stop();
    await folder.remove();
  };
  try {
    await reachable(port, READY_WITHIN_MS);
  } catch (error) {
    await stop();
    throw new Error(`nginx did not start\n${own.report()}`, { cause: error });
  }
  return { name: 'nginx', load: codexLoad(port), pid: own.pid, stop };
}

/** Request bodies stay in memory, as in the sidecar; a single process is the one worker. */
function configuration(folder: string, port: number, upstreamPort: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return `
daemon off;
master_process off;
worker_rlimit_nofile 16384;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 8192; }
http {
  access_log off;
  ${temporary.join('\n  ')}
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  upstream bench {
    server 127.0.0.1:${String(upstreamPort)};
    keepalive 2048;
    keepalive_requests 1000000000;
    keepalive_timeout 300s;
  }
  server {
    listen 127.0.0.1:${String(port)} backlog=2048;
    tcp_nodelay on;
    client_max_body_size 64m;
    client_body_buffer_size 512k;
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 3600s;
    }
  }
}
`;
}
