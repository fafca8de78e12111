import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type Authority, makeAuthority } from '../support/certificates.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { delay, mayDelay } from './delay.ts';
import { type Middlebox, middlebox } from './middlebox.ts';
import { REGIONS, type RegionName } from './scenario.ts';
import { type ShopFiles, shop } from './shop.ts';
import { type Addresses, type Host, World } from './world.ts';

/** A world with regions, what each of them resolves names with, controls, and servers that are well. */
export interface Lab {
  readonly world: World;
  readonly regions: Readonly<Record<RegionName, Host>>;
  /** The resolver of each region, which is asked at `names[region].resolver` and knows the names it is told. */
  readonly names: Readonly<Record<RegionName, DnsServer>>;
  /** What a prober shakes hands with when something fails: an IPv4 address, a name, an IPv6 address; `HOST:PORT` each. */
  readonly controls: readonly string[];
  /** Who signed the certificates of the lab. */
  readonly authority: Authority;
  /** The authority as a file, for NODE_EXTRA_CA_CERTS. */
  readonly authorityFile: string;
  /** The host of the healthy servers: HTTP/2 on port 443 of each of its addresses, as `shop.lab.test` and all of `*.lab.test`. */
  readonly shops: Host;
  /** The certificate and key of `*.lab.test`: files that programs on any host can read. */
  readonly files: ShopFiles;
  /** One more address of `shops`. */
  address(): Promise<Addresses>;
  /** A host with a healthy server that has a certificate for other names only. */
  readonly stranger: Host;
  /** A proxy in front of `shops` that can be told to meddle. */
  readonly middlebox: Middlebox;
  close(): Promise<void>;
}

/** The name under which every server of the lab can be called. */
export const SERVER_NAME = 'shop.lab.test';
export const CONTROL_NAME = 'control.lab.test';

/** As many names as make a certificate larger than a packet. */
const MANY_NAMES = Array.from({ length: 100 }, (_, n) => `shop-${n}.at-great-length.lab.test`);

export interface LabOptions {
  /** How far `ap-southeast-2` is, ms there and back; 0: as near as the others. Default 250. */
  readonly farMs?: number;
}

/** Makes a lab in a world of its own. Needs what `labMissing` asks for. */
export async function makeLab({ farMs = 250 }: LabOptions = {}): Promise<Lab> {
  const world = await World.make();
  try {
    const regions = await makeRegions(world, farMs);
    const names = await makeNames(world);
    const control = createServer((socket) => socket.on('error', () => socket.destroy()).end());
    await once(control.listen(0, '::'), 'listening');
    const { port } = control.address() as AddressInfo;
    // Tries to one address are spaced: two controls need two.
    const { address: named } = await world.beside();
    for (const region of REGIONS) names[region].set(CONTROL_NAME, { a: [named] });
    const authority = await makeAuthority();
    const authorityFile = join(world.directory, 'authority.pem');
    await writeFile(authorityFile, authority.authority);
    const files = await certify(world, authority, 'shop', ['*.lab.test', ...MANY_NAMES]);
    const others = await certify(world, authority, 'stranger', ['stranger.test']);
    const shops = await world.host('shops');
    const stranger = await world.host('stranger');
    const [, , box] = await Promise.all([
      shop(world, shops, { address: '::', port: 443, files }),
      shop(world, stranger, { address: '::', port: 443, files: others }),
      middlebox(world, shops.address),
    ]);
    return {
      world,
      regions,
      names,
      controls: [`${world.gateway}:${port}`, `${CONTROL_NAME}:${port}`, `[${world.gateway6}]:${port}`],
      authority,
      authorityFile,
      shops,
      stranger,
      files,
      address: () => world.address(shops),
      middlebox: box,
      close: async () => {
        control.close();
        await Promise.all(REGIONS.map((region) => names[region].close()));
        await world.close();
      },
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

async function certify(
  { directory }: World,
  authority: Authority,
  name: string,
  names: readonly string[],
): Promise<ShopFiles> {
  const identity = await authority.issueFor(names);
  const files = { cert: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
  await writeFile(files.cert, identity.cert);
  await writeFile(files.key, identity.key);
  return files;
}

async function makeRegions(world: World, farMs: number): Promise<Record<RegionName, Host>> {
  const isFar = farMs > 0 && (await mayDelay());
  if (farMs > 0 && !isFar)
    console.warn('No region of the lab is far away: /dev/net/tun is not ours to open.');
  const far = isFar ? await world.router('ocean') : undefined;
  const regions = {
    'eu-west-1': await world.host('ireland'),
    'us-east-1': await world.host('virginia'),
    'ap-southeast-2': await world.host('sydney', far ? { behind: far } : {}),
  };
  if (far) await delay(world, far, farMs / 2);
  return regions;
}

async function makeNames(world: World): Promise<Record<RegionName, DnsServer>> {
  const made = await Promise.all(REGIONS.map(async (region) => [region, await dnsServer({}, world.gateway)]));
  return Object.fromEntries(made) as Record<RegionName, DnsServer>;
}
