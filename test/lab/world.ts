import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Identity } from '../support/certificates.ts';

const run = promisify(execFile);

/** Runs a program to its end. @throws with what it printed. */
export async function sh(...words: readonly string[]): Promise<string> {
  const [program = '', ...rest] = words;
  const { stdout } = await run(program, rest);
  return stdout;
}

/** Whether this machine lets us make network namespaces, and has the programs the lab needs; null: it does. */
export async function labMissing(): Promise<string | null> {
  const probe = `plx-probe-${process.pid}`;
  try {
    await sh('ip', 'netns', 'add', probe);
    await sh('ip', 'netns', 'del', probe);
    await sh('nft', '--version');
    await sh('nginx', '-v');
    return null;
  } catch (error) {
    return String(error).split('\n')[0] ?? 'unknown';
  }
}

/** One host of the world: a network namespace with one address on the shared bridge. */
export interface Host {
  readonly name: string;
  readonly address: string;
  /** Put before a command, it runs there: `ip netns exec NAME`. */
  readonly prefix: string;
}

/**
 * A small internet: a bridge in the namespace the test runs in, and hosts on it. Addresses are of 198.18.0.0/15, which RFC 2544
 * keeps for benchmarks of network gear, in a /24 of this process's own.
 */
export class World {
  readonly gateway: string;
  readonly directory: string;
  readonly #id: string;
  readonly #prefix: string;
  readonly #hosts: Host[] = [];
  readonly #children: ChildProcess[] = [];

  private constructor(directory: string) {
    this.directory = directory;
    this.#id = `${(process.pid % 46_656).toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
    this.#prefix = `198.18.${process.pid % 250}`;
    this.gateway = `${this.#prefix}.1`;
  }

  static async make(): Promise<World> {
    const world = new World(await mkdtemp(join(tmpdir(), 'parallax-lab-')));
    const bridge = `plx${world.#id}`;
    await sh('ip', 'link', 'add', bridge, 'type', 'bridge');
    await sh('ip', 'addr', 'add', `${world.gateway}/24`, 'dev', bridge);
    await sh('ip', 'link', 'set', bridge, 'up');
    return world;
  }

  async host(role: string): Promise<Host> {
    const number = this.#hosts.length + 10;
    const name = `plx-${this.#id}-${role}`;
    const [outer, inner] = [`v${this.#id}${number}a`, `v${this.#id}${number}b`];
    const host = { name, address: `${this.#prefix}.${number}`, prefix: `ip netns exec ${name}` };
    this.#hosts.push(host);
    await sh('ip', 'netns', 'add', name);
    await sh('ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner);
    await sh('ip', 'link', 'set', outer, 'master', `plx${this.#id}`, 'up');
    await sh('ip', 'link', 'set', inner, 'netns', name);
    await this.in(host, 'ip', 'addr', 'add', `${host.address}/24`, 'dev', inner);
    await this.in(host, 'ip', 'link', 'set', inner, 'up');
    await this.in(host, 'ip', 'link', 'set', 'lo', 'up');
    await this.in(host, 'ip', 'route', 'add', 'default', 'via', this.gateway);
    return host;
  }

  in(host: Host, ...words: readonly string[]): Promise<string> {
    return sh('ip', 'netns', 'exec', host.name, ...words);
  }

  /** Silently drops what `from` sends to `at`, as a firewall there does. */
  async drop(at: Host, from: Host): Promise<void> {
    await this.in(at, 'nft', 'add table inet wall');
    await this.in(at, 'nft', 'add chain inet wall input { type filter hook input priority 0; }');
    await this.in(at, 'nft', `add rule inet wall input ip saddr ${from.address} drop`);
  }

  async lift(at: Host): Promise<void> {
    await this.in(at, 'nft', 'delete table inet wall');
  }

  /** nginx with HTTP/2 on port 443 of a host; answers once it listens. */
  async nginx(at: Host, identity: Identity): Promise<ChildProcess> {
    const path = (name: string): string => join(this.directory, `${at.name}-${name}`);
    await writeFile(path('cert.pem'), identity.cert);
    await writeFile(path('key.pem'), identity.key);
    await writeFile(
      path('nginx.conf'),
      `daemon off; pid ${path('pid')}; error_log ${path('error.log')}; worker_processes 1;
       events {} http { access_log off; client_body_temp_path ${path('body')}; proxy_temp_path ${path('proxy')};
       fastcgi_temp_path ${path('fastcgi')}; uwsgi_temp_path ${path('uwsgi')}; scgi_temp_path ${path('scgi')};
       server { listen 443 ssl http2; ssl_certificate ${path('cert.pem')}; ssl_certificate_key ${path('key.pem')};
       ssl_protocols TLSv1.2 TLSv1.3; location / { return 503; } } }`,
    );
    const child = spawn('ip', ['netns', 'exec', at.name, 'nginx', '-c', path('nginx.conf')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#children.push(child);
    await until(`nginx on ${at.address}`, async () => (await this.in(at, 'ss', '-ltnH')).includes(':443'));
    return child;
  }

  /** Ends nginx's master; its workers go with it. */
  async stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  }

  async close(): Promise<void> {
    for (const child of this.#children) await this.stop(child);
    for (const { name } of this.#hosts) await sh('ip', 'netns', 'del', name).catch(() => undefined);
    await sh('ip', 'link', 'del', `plx${this.#id}`).catch(() => undefined);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Asks again and again until it is so. @throws naming `what` when it is not within the limit. */
export async function until(
  what: string,
  isSo: () => Promise<boolean> | boolean,
  limitMs = 60_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
