import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Children } from '../lib/local/children.ts';
import { makeCertificates } from '../lib/local/demo/certificates.ts';
import { until } from '../test/lab/shell.ts';
import { NAME, type PeerReady } from './peer-ready.ts';
import { freePort } from './programs.ts';

/** The peer that all probers meet: a PeerReady, and its authority as a file too. */
export interface Nginx extends PeerReady {
  readonly authorityFile: string;
}

/** nginx on loopback: HTTP/2, TLS 1.3, ECDSA P-256, nothing resumed, an empty answer to whoever asks. */
export async function startNginx(children: Children, directory: string): Promise<Nginx> {
  const path = (name: string): string => join(directory, name);
  const port = await freePort();
  const { authority, valid } = await makeCertificates([NAME]);
  await writeFile(path('authority.pem'), authority);
  await writeFile(path('cert.pem'), valid.cert);
  await writeFile(path('key.pem'), valid.key);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${path(name)};`)
    .join(' ');
  // A SYN that finds the accept queue full is dropped, and comes again after 1 s: it is longer than any bench dials at once.
  await writeFile(
    path('nginx.conf'),
    `daemon off; user root root; pid ${path('pid')}; error_log ${path('error.log')}; worker_processes auto;
     events { worker_connections 4096; }
     http { access_log off; ${temporary}
       server { listen 127.0.0.1:${port} ssl http2 backlog=4096;
         ssl_certificate ${path('cert.pem')}; ssl_certificate_key ${path('key.pem')};
         ssl_protocols TLSv1.3; ssl_session_tickets off; ssl_session_cache off;
         location / { return 204; } } }`,
  );
  const PATH = `${process.env.PATH}:/usr/sbin`;
  children.spawn('nginx', ['-c', path('nginx.conf')], {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, PATH },
  });
  await until(`nginx listens; see ${path('error.log')}`, () => listens(port), 10_000);
  return { port, authority, authorityFile: path('authority.pem') };
}

/** Whether somebody accepts connections at a port of loopback. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
