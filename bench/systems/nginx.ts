import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock } from '#base'
import { CertificateAuthority } from '#pki'
import type { Cleanup } from '../cleanup.ts'
import type { Endpoint } from '../load/endpoint.ts'
import type { NodeNetwork } from '../machine/node-network.ts'
import { Programs } from '../machine/programs.ts'
import { cpuMsOfFamily } from '../machine/processes.ts'
import type { NodeProgram } from './proxy.ts'

/** What an Ingress's proxy does, told to nginx by hand: connections are kept on both sides, headers tell of the client. */
const configuration = (folder: string, { host, port }: Endpoint): string => `
daemon off;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 100000000;
  upstream site {
    server ${host}:${port};
    keepalive 64;
    keepalive_requests 100000000;
  }
  server {
    listen 443 ssl;
    ssl_certificate ${folder}/certificate.pem;
    ssl_certificate_key ${folder}/key.pem;
    location / {
      proxy_pass http://site;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Request-ID $request_id;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Scheme $scheme;
    }
  }
}
`

/** nginx at port 443 of a node's network, in front of one backend. @param program its path. */
export async function startNginx(
  program: string,
  network: NodeNetwork,
  backend: Endpoint,
  cleanup: Cleanup,
): Promise<NodeProgram> {
  const folder = join(network.folder, 'nginx')
  await mkdir(folder)
  const day = 86_400_000
  const { certificate, key } = CertificateAuthority.create('bench.invalid', systemClock.now(), day)
  const file = join(folder, 'nginx.conf')
  await Promise.all([
    writeFile(join(folder, 'certificate.pem'), certificate),
    writeFile(join(folder, 'key.pem'), key, { mode: 0o600 }),
    writeFile(file, configuration(folder, backend)),
  ])
  const programs = new Programs(cleanup)
  const { pid } = programs.start({
    name: 'nginx',
    log: join(folder, 'nginx.log'),
    command: [...network.prefix, program, '-p', folder, '-c', file],
  })
  return { cpuMs: () => cpuMsOfFamily(pid), stop: () => programs.stop() }
}
