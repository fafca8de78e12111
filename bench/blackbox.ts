import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Children } from '../lib/local/children.ts';
import type { Handshake } from '../lib/outcome/outcome.ts';
import { until } from '../test/lab/shell.ts';
import { listens, type Nginx } from './nginx.ts';
import { NAME } from './peer-ready.ts';
import { cpuMsOf, freePort } from './programs.ts';

export const BLACKBOX = 'prometheus-blackbox-exporter';

/** What one probe said; a phase is NaN where its module does not tell it (only http does). */
export interface BlackboxProbe {
  readonly connectMs: number;
  readonly tlsMs: number;
}

export interface Blackbox {
  /** One probe, by the module that is closest to a rung: it is asked over HTTP, as Prometheus asks. @throws if it fails. */
  probe(rung: Handshake): Promise<BlackboxProbe>;
  /** Asks for nothing but a sign of life: what the asking alone costs. */
  ping(): Promise<void>;
  /** User and system time so far. */
  cpuMs(): number;
}

const TLS = (authorityFile: string): string =>
  `{ ca_file: ${authorityFile}, server_name: ${NAME}, min_version: TLS13 }`;

/** The exporter with a module for each rung, on loopback. */
export async function startBlackbox(
  children: Children,
  directory: string,
  { port, authorityFile }: Nginx,
): Promise<Blackbox> {
  const file = join(directory, 'blackbox.yml');
  const tls = TLS(authorityFile);
  await writeFile(
    file,
    `modules:
  tcp: { prober: tcp, timeout: 60s, tcp: { preferred_ip_protocol: ip4 } }
  tls: { prober: tcp, timeout: 60s, tcp: { preferred_ip_protocol: ip4, tls: true, tls_config: ${tls} } }
  http2: { prober: http, timeout: 60s, http: { preferred_ip_protocol: ip4, follow_redirects: false,
    valid_http_versions: [HTTP/2.0], tls_config: ${tls} } }\n`,
  );
  const own = await freePort();
  const child = children.spawn(
    BLACKBOX,
    [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${own}`, '--log.level=error'],
    { stdio: 'ignore' },
  );
  await until(`${BLACKBOX} listens`, () => listens(own), 10_000);
  const targets: Readonly<Record<Handshake, string>> = {
    tcp: `127.0.0.1:${port}`,
    tls: `127.0.0.1:${port}`,
    http2: `https://127.0.0.1:${port}/`,
  };
  const ask = asker(own);
  return {
    probe: async (rung) => {
      const said = await ask(`/probe?module=${rung}&target=${encodeURIComponent(targets[rung])}`);
      if (!/^probe_success 1$/m.test(said)) throw new Error(`a ${rung} probe failed`, { cause: said });
      const phase = (name: string): number =>
        1000 *
        Number(new RegExp(`^probe_http_duration_seconds\\{phase="${name}"\\} (.+)$`, 'm').exec(said)?.[1]);
      return { connectMs: phase('connect'), tlsMs: phase('tls') };
    },
    ping: async () => {
      await ask('/-/healthy');
    },
    cpuMs: () => cpuMsOf(child.pid ?? 0),
  };
}

/**
 * Gets a path over a connection that is kept. An HTTP client that does more would take from the exporter the processor that is
 * measured.
 */
function asker(port: number): (path: string) => Promise<string> {
  const idle: Socket[] = [];
  const open = (): Socket => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }).unref();
    // Heard by whoever waits for an answer on it, if anybody does.
    return socket
      .on('error', () => {})
      .on('end', () => socket.emit('error', new Error(`${BLACKBOX} has ended`)));
  };
  return async (path) => {
    const socket = idle.pop() ?? open();
    socket.write(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`);
    let said = '';
    const more = (part: Buffer): void => {
      said += part.toString('latin1');
      if (isWhole(said)) socket.emit('whole');
    };
    socket.on('data', more);
    await once(socket, 'whole');
    socket.off('data', more);
    idle.push(socket);
    return said;
  };
}

/** Whether an HTTP/1.1 answer has come to its end (RFC 9112, 6.3: chunks or a length). */
function isWhole(said: string): boolean {
  const head = said.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const [, length] = /^content-length: (\d+)/im.exec(said.slice(0, head)) ?? [];
  return length === undefined ? said.endsWith('\r\n0\r\n\r\n') : said.length >= head + 4 + Number(length);
}
