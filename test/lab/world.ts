import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '../support/certificates.ts';
import { type Addresses, bridgeOf, claimStretch, type Network, network, routesTo, stand } from './network.ts';
import { feed, sh, until } from './shell.ts';

export type { Addresses } from './network.ts';
export { labMissing } from './privileges.ts';
export { sh, until } from './shell.ts';

/** One host of the world: a network namespace with an interface `net0`. */
export interface Host extends Addresses {
  readonly name: string;
  /** Put before a command, it runs there: `ip netns exec NAME`. */
  readonly prefix: string;
}

/** A host that passes on what it gets, with a network of its own behind it (`lan0`) for one more. */
export interface Router extends Host {
  readonly lan: Network;
}

/** Errors are told as often as they happen: Linux would send an ICMP error a second to each host (net/ipv4/icmp.c). */
const UNLIMITED = `cd /proc/sys/net; echo 0 > ipv4/icmp_ratelimit; echo 0 > ipv6/icmp/ratelimit;
  echo 100000 > ipv4/icmp_msgs_per_sec; echo 10000 > ipv4/icmp_msgs_burst`;
const FORWARDING = `cd /proc/sys/net; echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/all/forwarding;
  for i in ipv4/conf/*/rp_filter; do echo 0 > $i; done`;

/**
 * A small internet: a bridge in the namespace the test runs in, hosts on it, and routers with hosts behind them. Addresses are of
 * 198.18.0.0/15 and 2001:2::/48, which RFC 2544 and RFC 5180 keep for benchmarks of network gear, a stretch for each world.
 */
export class World {
  readonly gateway: string;
  readonly gateway6: string;
  readonly directory: string;
  readonly #own: number;
  readonly #id: string;
  readonly #bridge: string;
  readonly #net: Network;
  readonly #hosts: Host[] = [];
  readonly #onBridge: Host[] = [];
  readonly #routers: Router[] = [];
  readonly #children: ChildProcess[] = [];
  #places = 10;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(directory: string, own: number) {
    this.directory = directory;
    this.#own = own;
    this.#id = `${(process.pid % 46_656).toString(36)}${Math.floor(Math.random() * 1296).toString(36)}`;
    this.#bridge = bridgeOf(own);
    this.#net = network(`198.18.${own}`, 0, 24, `2001:2:0:${own.toString(16)}`);
    this.gateway = this.#net.gateway;
    this.gateway6 = this.#net.gateway6;
  }

  static async make(): Promise<World> {
    const own = await claimStretch();
    const world = new World(await mkdtemp(join(tmpdir(), 'parallax-lab-')), own);
    const open = `echo 0 > /proc/sys/net/ipv6/conf/${world.#bridge}/disable_ipv6 || :`;
    await sh('sh', '-c', open);
    const at = { address: world.gateway, address6: world.gateway6 };
    await feed(stand(world.#bridge, at, world.#net), 'ip', '-batch', '-');
    return world;
  }

  /** A host on the bridge, or the only one behind a router. */
  host(role: string, { behind }: { readonly behind?: Router } = {}): Promise<Host> {
    return this.#inTurn(() => this.#host(role, behind));
  }

  /** A router on the bridge. */
  router(role: string): Promise<Router> {
    return this.#inTurn(() => this.#router(role));
  }

  async #host(role: string, behind?: Router): Promise<Host> {
    const lan = behind?.lan ?? this.#net;
    const name = `plx-${this.#id}-${role}`;
    const at = behind ? lan.place(2) : this.nobody();
    const host = { name, ...at, prefix: `ip netns exec ${name}` };
    const outer = `v${this.#id}${this.#hosts.length}`;
    this.#hosts.push(host);
    await sh('ip', 'netns', 'add', name);
    await this.in(host, 'sh', '-c', UNLIMITED);
    const outside = behind ? ['-n', behind.name] : [];
    const link = `link add ${outer} type veth peer name net0 netns ${name}`;
    await sh('ip', ...outside, ...link.split(' '));
    if (behind) {
      const side = { address: lan.gateway, address6: lan.gateway6 };
      await sh('ip', ...outside, 'link', 'set', outer, 'name', 'lan0');
      await feed(stand('lan0', side, lan), 'ip', ...outside, '-batch', '-');
    } else {
      await sh('ip', 'link', 'set', outer, 'master', this.#bridge, 'up');
      this.#onBridge.push(host);
    }
    const leave = [`route add default via ${lan.gateway}`, `route add default via ${lan.gateway6}`];
    const others = behind ? [] : this.#routers.map((router) => routesTo(router.lan, router));
    const lines = ['link set lo up', stand('net0', at, lan), ...leave, ...others];
    await feed(lines.join('\n'), 'ip', '-n', name, '-batch', '-');
    return host;
  }

  async #router(role: string): Promise<Router> {
    const neighbours = [...this.#onBridge];
    const host = await this.#host(role);
    const number = this.#routers.length + 1;
    const lan = network(`198.19.${this.#own}`, number * 16, 28, `2001:2:${number}:${this.#own.toString(16)}`);
    const router = { ...host, lan };
    await this.in(host, 'sh', '-c', FORWARDING);
    const routes = routesTo(lan, host);
    await feed(routes, 'ip', '-batch', '-');
    for (const { name } of neighbours) await feed(routes, 'ip', '-n', name, '-batch', '-');
    this.#routers.push(router);
    return router;
  }

  /** One more pair of addresses for a host on the bridge. */
  async address(host: Host): Promise<Addresses> {
    const at = this.nobody();
    await feed(stand('net0', at, this.#net), 'ip', '-n', host.name, '-batch', '-');
    return at;
  }

  /** One more pair of addresses beside the gateway's. */
  async beside(): Promise<Addresses> {
    const at = this.nobody();
    await feed(stand(this.#bridge, at, this.#net), 'ip', '-batch', '-');
    return at;
  }

  /** Who is made knows all who were made before, and they it: one at a time. */
  #inTurn<T>(make: () => Promise<T>): Promise<T> {
    const made = this.#last.then(make);
    this.#last = made.catch(() => {});
    return made;
  }

  /** Makes every host of the bridge ask anew who has an address: Linux remembers for half a minute. */
  async forget(address: string): Promise<void> {
    for (const { name } of this.#onBridge) await sh('ip', '-n', name, 'neigh', 'flush', 'to', address);
  }

  /** A pair of addresses of the bridge's network at which nobody is. */
  nobody(): Addresses {
    this.#places += 1;
    if (this.#places > 250) throw new Error('a world has room for 240 addresses');
    return this.#net.place(this.#places);
  }

  in(host: Host, ...words: readonly string[]): Promise<string> {
    return sh('ip', 'netns', 'exec', host.name, ...words);
  }

  /** Applies lines in nft's language on a host. */
  async rules(at: Host, ...lines: readonly string[]): Promise<void> {
    await feed(lines.join('\n'), 'ip', 'netns', 'exec', at.name, 'nft', '-f', '-');
  }

  /** Silently drops what `from` sends to `at`, as a firewall there does. */
  async drop(at: Host, from: Host): Promise<void> {
    await this.rules(
      at,
      'add table inet wall',
      'add chain inet wall input { type filter hook input priority 0; }',
      `add rule inet wall input ip saddr ${from.address} drop`,
      `add rule inet wall input ip6 saddr ${from.address6} drop`,
    );
  }

  async lift(at: Host): Promise<void> {
    await this.in(at, 'nft', 'delete table inet wall');
  }

  /** Starts a program on a host; it ends with the world at the latest. */
  start(at: Host, words: readonly string[], stdio: 'quiet' | 'piped' = 'quiet'): ChildProcess {
    if (this.#closed) throw new Error(`the world is closed: ${words.join(' ')}`);
    const child = spawn('ip', ['netns', 'exec', at.name, ...words], {
      stdio: stdio === 'piped' ? ['pipe', 'pipe', 'inherit'] : ['ignore', 'ignore', 'inherit'],
    });
    this.#children.push(child);
    return child;
  }

  /** nginx with HTTP/2 on port 443 of a host; answers once it listens. */
  async nginx(at: Host, identity: Identity): Promise<ChildProcess> {
    const path = (name: string): string => join(this.directory, `${at.name}-${name}`);
    await writeFile(path('cert.pem'), identity.cert);
    await writeFile(path('key.pem'), identity.key);
    // Workers stay root: in a user namespace no other id exists.
    await writeFile(
      path('nginx.conf'),
      `daemon off; user root root; pid ${path('pid')}; error_log ${path('error.log')}; worker_processes 1;
       events {} http { access_log off; client_body_temp_path ${path('body')}; proxy_temp_path ${path('proxy')};
       fastcgi_temp_path ${path('fastcgi')}; uwsgi_temp_path ${path('uwsgi')}; scgi_temp_path ${path('scgi')};
       server { listen 443 ssl http2; ssl_certificate ${path('cert.pem')}; ssl_certificate_key ${path('key.pem')};
       ssl_protocols TLSv1.2 TLSv1.3; location / { return 503; } } }`,
    );
    const child = this.start(at, ['nginx', '-c', path('nginx.conf')]);
    await until(`nginx on ${at.address}`, async () => (await this.in(at, 'ss', '-ltnH')).includes(':443'));
    return child;
  }

  /** Ends a program, stopped or not; nginx's workers go with their master. */
  async stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    await gone;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    await Promise.all(this.#children.map((child) => this.stop(child)));
    for (const { name } of this.#hosts) await sh('ip', 'netns', 'del', name).catch(() => undefined);
    await sh('ip', 'link', 'del', this.#bridge).catch(() => undefined);
    await rm(this.directory, { recursive: true, force: true });
  }
}
