import { certificates } from '../certificates.ts';
import { type Holder, identity, issue } from '../issue.ts';
import type { Arms } from './peer.ts';

const names = (count: number, tail: string): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${n.toString(36)}.${tail}`);

const SHOP = { subject: 'CN=shop.test', names: ['shop.test'] } as const;

/** Authorities below one another, the nearest to the root first. */
async function authorities(
  root: Holder,
  count: number,
  padding: readonly string[],
): Promise<readonly Holder[]> {
  const chain: Holder[] = [];
  for (let n = 0; n < count; n += 1) {
    chain.push(
      await issue({ subject: `CN=authority ${n}`, authority: true, names: padding }, chain.at(-1) ?? root),
    );
  }
  return chain;
}

async function chainOf(root: Holder, count: number, padding: readonly string[]): Promise<Arms['good']> {
  const chain = [...(await authorities(root, count, padding))].reverse();
  return identity(await issue(SHOP, chain[0] ?? root), ...chain);
}

/** @returns what hostile peers have to hand, and the authorities to trust for it. */
export async function makeArms(): Promise<{ readonly arms: Arms; readonly trust: readonly string[] }> {
  const { good, authority } = await certificates();
  const root = await issue({ subject: 'CN=Hostile root', authority: true }, null);
  const arms: Arms = {
    good,
    longChain: await chainOf(root, 90, []),
    giantChain: await chainOf(root, 100, names(700, 'padding.test')),
    manyNames: await identity(await issue({ ...SHOP, names: ['shop.test', ...names(9000, 'a.b')] }, root)),
  };
  return { arms, trust: [authority, root.certificate.toString('pem')] };
}
