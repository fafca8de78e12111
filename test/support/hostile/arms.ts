import { certificates } from '../certificates.ts';
import { type Holder, identity, issue } from '../issue.ts';
import type { Arms } from './peer.ts';

const names = (count: number, tail: string): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${n.toString(36)}.${tail}`);

const SHOP = { subject: 'CN=shop.test', names: ['shop.test'] } as const;

/** A leaf below so many authorities, each below the next. */
async function longChain(root: Holder, count: number): Promise<Arms['good']> {
  const chain: Holder[] = [];
  for (let n = 0; n < count; n += 1) {
    const keyOf = chain.at(-1);
    const wanted = { subject: `CN=authority ${n}`, authority: true, ...(keyOf ? { keyOf } : {}) };
    chain.unshift(await issue(wanted, chain[0] ?? root));
  }
  return identity(await issue(SHOP, chain[0] ?? root), ...chain);
}

/** A leaf and the same long certificate over and over. */
async function giantChain(root: Holder): Promise<Arms['good']> {
  const long = await issue({ subject: 'CN=long', authority: true, names: names(700, 'padding.test') }, root);
  return identity(await issue(SHOP, root), ...Array.from({ length: 100 }, () => long));
}

/** @returns what hostile peers have to hand, and the authorities to trust for it. */
export async function makeArms(): Promise<{ readonly arms: Arms; readonly trust: readonly string[] }> {
  const { good, authority } = await certificates();
  const root = await issue({ subject: 'CN=Hostile root', authority: true }, null);
  const arms: Arms = {
    good,
    rsa: await identity(await issue({ ...SHOP, key: 'RSA-2048' }, root)),
    longChain: await longChain(root, 90),
    giantChain: await giantChain(root),
    manyNames: await identity(await issue({ ...SHOP, names: ['shop.test', ...names(9000, 'a.b')] }, root)),
  };
  return { arms, trust: [authority, root.certificate.toString('pem')] };
}
