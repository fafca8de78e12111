import { createInterface } from 'node:readline';
import { peer } from './peer.ts';
import type { Addresses, Host, World } from './world.ts';

/** What a middlebox does with a connection once the ClientHello is there. */
export interface Meddling {
  /** Only where the ClientHello holds this text; null: always. */
  readonly name: string | null;
  readonly act: 'reset' | 'silence' | 'close';
  /** Only what comes from this address; null: from anywhere. */
  readonly from: string | null;
}

export interface Middlebox {
  readonly host: Host;
  /** One more address at which it stands in front of the shops. */
  address(): Promise<Addresses>;
  /** From now on, at one address; null: all goes through. */
  meddle(at: Addresses, meddling: Meddling | null): Promise<void>;
}

/** A proxy on a host of its own that reads the server name and passes everything on, or does not. */
export async function middlebox(world: World, behind: string): Promise<Middlebox> {
  const host = await world.host('middlebox');
  const child = await peer(world, host, 'middlebox', behind);
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('the middlebox cannot be spoken to');
  const answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const tell = (order: object): Promise<unknown> => {
    stdin.write(`${JSON.stringify(order)}\n`);
    last = last.then(() => answers.next());
    return last;
  };
  return {
    host,
    address: () => world.address(host),
    meddle: async ({ address, address6 }, meddling) => {
      await Promise.all([tell({ address, meddling }), tell({ address: address6, meddling })]);
    },
  };
}
