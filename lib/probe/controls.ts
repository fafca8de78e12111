import { addressFamilyOf, canonicalAddress, mayBeDialled } from '../endpoint/address.ts';
import { now, sleep } from './clock.ts';
import { type ControlHealth, type Family, healthOf, type Knock, type Tried } from './control-health.ts';
import { type Gate, gate } from './gate.ts';
import { attempt, type Target } from './ladder.ts';
import { CONTROL_MS } from './limits.ts';
import { type DnsAnswer, type DnsFailure, Names } from './resolve.ts';

/**
 * As many as fit into CONTROL_MS at the gate's spacing, the last with ANSWER_MS left. Names are asked for in between too: a resolver that
 * loses three queries in five would answer four in a row too often.
 */
const KNOCKS = 4;
/** What is begun later than this before the end could not be answered from the other side of the world. */
const ANSWER_MS = 400;
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

/** A control, and how it is to be reached. */
interface Place {
  readonly host: string;
  readonly port: number;
  readonly family: Family;
  readonly named: boolean;
}

export interface ControlOptions {
  /** What lets tries start. Default: the one gate of this process. */
  readonly gate?: Gate | undefined;
  /** `ADDRESS:PORT`; null: the system's. */
  readonly resolver: string | null;
  readonly allowPrivateAddresses: boolean;
  /** Whether tries over IPv6 failed, so that names are to be tried over it too. */
  readonly ipv6Failed: boolean;
  /** Whether something timed out, so that a share of lost packets matters: then each control is tried several times. */
  readonly timedOut: boolean;
}

function resolvedOf(answer: DnsAnswer | DnsFailure): Knock['resolved'] {
  if (answer.ok) return 'address';
  return answer.outcome === 'no_answer' ? 'no_address' : 'nothing';
}

async function knockAt(
  { host, port, family, named }: Place,
  end: number,
  names: Names,
  options: ControlOptions,
): Promise<Knock> {
  const answer = await names.lookUp(host, family, end - now());
  const resolved = resolvedOf(answer);
  if (!answer.ok) return { passed: resolved === 'no_address' ? null : false, lost: null, resolved };
  // An address that the deployment's owner wrote may lie in the owner's own network; one that DNS gave is like any other.
  const mayDial = (address: string): boolean =>
    mayBeDialled(address, !named || options.allowPrivateAddresses);
  const address = answer.addresses.find(mayDial);
  // No such answer is of the public control that was meant.
  if (address === undefined) return { passed: false, lost: null, resolved: 'nothing' };
  // Other groups of this process may ask the same control just now: that it is spaced says nothing of the region.
  const free = await (options.gate ?? gate).pass(address, 'tcp', end - ANSWER_MS);
  if (!free || end - now() < ANSWER_MS) return { passed: null, lost: null, resolved };
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
  const lost = observation.passed ? observation.synRetransmits > 0 : observation.outcome === 'timeout';
  return { passed: observation.passed, lost, resolved };
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
  const { spacingMs } = options.gate ?? gate;
  const times = Array.from({ length: options.timedOut ? KNOCKS : 1 }, (_, number) => number);
  const knocks = times.map(async (number) => {
    if (number > 0) await sleep(number * spacingMs);
    return knockAt({ host, port, family, named }, end, names, options);
  });
  const between = times
    .map((number) => (number + 0.5) * spacingMs)
    .filter((ms) => ms <= CONTROL_MS - ANSWER_MS);
  const asks = (named && options.timedOut ? between : []).map(async (ms): Promise<Knock> => {
    await sleep(ms);
    const answer = await names.lookUp(host, family, end - now());
    return { passed: null, lost: null, resolved: resolvedOf(answer) };
  });
  return { family, named, knocks: await Promise.all([...knocks, ...asks]) };
}

/**
 * Shakes hands with every control, all at the same time, within 2 s: once, or where something timed out several times. Names are
 * tried over IPv4, and over IPv6 too where that has failed; they also show whether the resolver works. What a region is blamed
 * for goes by address family: one without IPv6 must not be believed about IPv6, and is to be believed about IPv4.
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
    return healthOf(first, again);
  } finally {
    names.close();
  }
}
