import { addressFamilyOf, canonicalAddress, isForbidden } from '../endpoint/address.ts';
import { now } from './clock.ts';
import { type Gate, gate } from './gate.ts';
import { attempt, type Target } from './ladder.ts';
import { CONTROL_MS } from './limits.ts';
import { type DnsAnswer, type DnsFailure, Names } from './resolve.ts';

export type Family = Target['addressFamily'];

/** What the controls say of one address family. */
export interface FamilyHealth {
  /** Whether at least half of its controls passed; without any, true. */
  readonly healthy: boolean;
  /** Whether a control name resolved; null when no control has a name. */
  readonly resolved: boolean | null;
}

/** `healthy`, `passed` and `tried` are of the whole list, each control counted once, a name as it is reached over IPv4. */
export interface ControlHealth {
  readonly healthy: boolean;
  readonly passed: number;
  readonly tried: number;
  readonly families: Readonly<Record<Family, FamilyHealth>>;
}

/** @throws when the text is not `HOST:PORT`; an IPv6 address stands in brackets. */
export function parseControl(control: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(control);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || port < 1 || port > 65_535) {
    throw new Error(
      `the control "${control}" must be HOST:PORT, e.g. 1.1.1.1:443 or [2606:4700:4700::1111]:443`,
      {
        cause: { control },
      },
    );
  }
  return { host, port };
}

interface Tried {
  readonly family: Family;
  readonly named: boolean;
  /** null: it said nothing of this family, for the name has no such address, or its turn did not come. */
  readonly passed: boolean | null;
  /** `no_address`: the resolver answered, and the name has none of this family. */
  readonly resolved: 'address' | 'no_address' | 'nothing';
}

export interface ControlOptions {
  /** What lets tries start. Default: the one gate of this process. */
  readonly gate?: Gate | undefined;
  /** `ADDRESS:PORT`; null: the system's. */
  readonly resolver: string | null;
  readonly allowPrivateAddresses: boolean;
  /** Whether tries over IPv6 failed, so that names are to be tried over it too. */
  readonly ipv6Failed: boolean;
}

function resolvedOf(answer: DnsAnswer | DnsFailure): Tried['resolved'] {
  if (answer.ok) return 'address';
  return answer.outcome === 'no_answer' ? 'no_address' : 'nothing';
}

async function tryControl(
  control: string,
  over: Family,
  names: Names,
  options: ControlOptions,
): Promise<Tried> {
  const { host, port } = parseControl(control);
  const named = canonicalAddress(host) === null;
  const family = addressFamilyOf(host) ?? over;
  const end = now() + CONTROL_MS;
  const answer = await names.lookUp(host, family, CONTROL_MS);
  const resolved = resolvedOf(answer);
  if (!answer.ok) return { family, named, passed: resolved === 'no_address' ? null : false, resolved };
  // An address that the deployment's owner wrote may lie in the owner's own network; one that DNS gave is like any other.
  const mayDial = (address: string): boolean =>
    !named || options.allowPrivateAddresses || !isForbidden(address);
  const address = answer.addresses.find(mayDial);
  // No such answer is of the public control that was meant.
  if (address === undefined) return { family, named, passed: false, resolved: 'nothing' };
  // Other groups of this process may ask the same control just now: that it is spaced says nothing of the region.
  if (!(await (options.gate ?? gate).pass(address, 'tcp', end)))
    return { family, named, passed: null, resolved };
  const target: Target = {
    tag: 0,
    host,
    port,
    handshake: 'tcp',
    addressFamily: family,
    certificate: 'ignore',
  };
  const { observation } = await attempt(
    target,
    { address, at: Date.now() },
    { allowPrivateAddresses: true, deadlineMs: end - now() },
  );
  return { family, named, passed: observation.passed, resolved };
}

const count = (tries: readonly Tried[]): Pick<ControlHealth, 'healthy' | 'passed' | 'tried'> => {
  const counted = tries.filter(({ passed }) => passed !== null);
  const passed = counted.filter((tried) => tried.passed === true).length;
  return { healthy: 2 * passed >= counted.length, passed, tried: counted.length };
};

/** A name that has no address of this family shows no more than that the resolver answers, if it has one of the other. */
function resolvedIn(family: Family, named: readonly Tried[]): boolean | null {
  if (named.length === 0) return null;
  const asked = named.filter((tried) => tried.family === family && tried.resolved !== 'no_address');
  return (asked.length > 0 ? asked : named).some(({ resolved }) => resolved === 'address');
}

/**
 * Shakes hands once with every control, all at the same time, within 2 s. Names are tried over IPv4, and over IPv6 too where
 * that has failed; they also show whether the resolver works. What a region is blamed for goes by address family: one without
 * IPv6 must not be believed about IPv6, and is to be believed about IPv4.
 */
export async function tryControls(
  controls: readonly string[],
  options: ControlOptions,
): Promise<ControlHealth> {
  const names = new Names(options.resolver);
  try {
    const tryOver = (some: readonly string[], over: Family): Promise<readonly Tried[]> =>
      Promise.all(some.map((control) => tryControl(control, over, names, options)));
    const isName = (control: string): boolean => canonicalAddress(parseControl(control).host) === null;
    const [first, again] = await Promise.all([
      tryOver(controls, 'ipv4'),
      options.ipv6Failed ? tryOver(controls.filter(isName), 'ipv6') : [],
    ]);
    const all = [...first, ...again];
    const named = all.filter((tried) => tried.named);
    const familyHealth = (family: Family): FamilyHealth => ({
      healthy: count(all.filter((tried) => tried.family === family)).healthy,
      resolved: resolvedIn(family, named),
    });
    return { ...count(first), families: { ipv4: familyHealth('ipv4'), ipv6: familyHealth('ipv6') } };
  } finally {
    names.close();
  }
}
