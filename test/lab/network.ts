import { sh } from './shell.ts';

/** An address of each family; both stand on the same interface. */
export interface Addresses {
  readonly address: string;
  readonly address6: string;
}

/** A stretch of addresses that see one another, and who leads out of it. */
export interface Network {
  readonly gateway: string;
  readonly gateway6: string;
  readonly bits: number;
  readonly place: (number: number) => Addresses;
  /** As `ip route` writes it. */
  readonly prefixes: readonly [string, string];
}

/** `first` and `first6` are what the dot and the double colon follow; `offset` is where an IPv4 stretch begins. */
export function network(first: string, offset: number, bits: number, first6: string): Network {
  const place = (number: number): Addresses => ({
    address: `${first}.${offset + number}`,
    address6: `${first6}::${number.toString(16)}`,
  });
  const { address: gateway, address6: gateway6 } = place(1);
  return { gateway, gateway6, bits, place, prefixes: [`${first}.${offset}/${bits}`, `${first6}::/64`] };
}

/**
 * Lines for `ip -batch` that put a pair of addresses on a device. Without duplicate address detection: it would keep an IPv6
 * address back for a second.
 */
export function stand(device: string, { address, address6 }: Addresses, { bits }: Network): string {
  return [
    `addr add ${address}/${bits} dev ${device}`,
    `addr add ${address6}/64 dev ${device} nodad`,
    `link set ${device} up`,
  ].join('\n');
}

/** Lines for `ip -batch`: the way to a network. */
export function routesTo({ prefixes }: Network, { address, address6 }: Addresses): string {
  return [`route add ${prefixes[0]} via ${address}`, `route add ${prefixes[1]} via ${address6}`].join('\n');
}

const STRETCHES = 250;

export const bridgeOf = (own: number): string => `plxbr${own}`;

/** Makes the bridge of a stretch of addresses that no other world has: two bridges cannot have one name. */
export async function claimStretch(): Promise<number> {
  let last: unknown;
  for (let tried = 0; tried < STRETCHES; tried += 1) {
    const own = (process.pid + tried) % STRETCHES;
    try {
      await sh('ip', 'link', 'add', bridgeOf(own), 'type', 'bridge');
      return own;
    } catch (error) {
      last = error;
      if (!String(error).includes('File exists')) break;
    }
  }
  throw new Error('no bridge can be made for a world', { cause: last });
}
