import { canonicalAddress } from '../endpoint/address.ts';
import { sleep } from './clock.ts';
import type { Doubt } from './doubt.ts';
import type { Try } from './group.ts';
import type { Target } from './observe.ts';
import type { DnsAnswer, DnsFailure, Names } from './resolve.ts';

export type Answer = (DnsAnswer | DnsFailure) & { readonly askedAt: number };

/** Queries begin in small handfuls: resolvers limit packets a second (Amazon's: 1,024 a network interface). */
const QUERIES_AT_ONCE = 32;
const QUERIES_PAUSE_MS = 40;

/** Asks for every name once. */
export async function resolveAll(
  tries: readonly Try[],
  names: Names,
  doubt: Doubt,
): Promise<(target: Target) => Promise<Answer>> {
  const keyOf = (target: Target): string => `${target.addressFamily} ${target.host}`;
  const answers = new Map<string, Promise<Answer>>();
  let asked = 0;
  for (const { target } of tries) {
    if (answers.has(keyOf(target))) continue;
    if (canonicalAddress(target.host) === null) {
      asked += 1;
      if (asked % QUERIES_AT_ONCE === 0) await sleep(QUERIES_PAUSE_MS);
    }
    const askedAt = Date.now();
    const found = doubt.watch(names.lookUp(target.host, target.addressFamily));
    const answer = found.then((answered) => ({ ...answered, askedAt }));
    answers.set(keyOf(target), answer);
  }
  // The dialling of a named address need not wait for names, all others begin when the last name is known.
  const waited = tries.filter((one) => !isPinned(one)).map(({ target }) => answers.get(keyOf(target)));
  await Promise.all(waited);
  return (target) => {
    const answer = answers.get(keyOf(target));
    if (!answer) throw new Error(`nobody asked for ${target.host}`, { cause: { host: target.host } });
    return answer;
  };
}

/** It names the address to dial, whatever DNS says. */
export const isPinned = (one: Try): one is Try & { readonly address: string } =>
  one.pin === 'must' && one.address !== null;
