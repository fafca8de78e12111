import type { CheckTarget } from '../../endpoint/check.ts';
import { OWN_TROUBLE } from '../../outcome/lines.ts';
import { lookFirst, NO_SOURCES } from '../../outcome/look-first.ts';
import { outcomeRow } from '../../outcome/outcome.ts';
import { now } from '../../probe/clock.ts';
import { checkClock } from '../../probe/clock-check.ts';
import { Gate } from '../../probe/gate.ts';
import { climbEach, type Try } from '../../probe/group.ts';
import type { CertificateFacts } from '../../round/certificate.ts';
import type { Timings } from '../../round/observation.ts';
import { factsOf } from '../../verdict/newest.ts';
import type { Newest } from '../../verdict/region-state.ts';
import { targetOf } from '../endpoint-flags.ts';
import { HOSTS_FILE, hostsFileAddress } from './own-names.ts';

/** How a check ends, as its exit code says it. */
export type CheckResult = 'passing' | 'failing' | 'inconclusive';

export const EXIT_CODES: Readonly<Record<CheckResult, number>> = { passing: 0, failing: 1, inconclusive: 3 };

/** One try from this machine. */
export interface HereCheck extends Omit<Newest, 'at' | 'certificate' | 'sourceAddress'> {
  /** RFC 3339 UTC with ms. */
  readonly at: string;
  readonly target: CheckTarget;
  readonly result: CheckResult;
  readonly certificate: CertificateFacts | null;
  /** The shortest round trip that the kernel saw, ms; null: it does not say. */
  readonly minRttMs: number | null;
  /** How long the stage took that failed, ms; null: it passed, or nothing was sent. */
  readonly failedAfterMs: number | null;
  /** What the outcome means; null: it passed. */
  readonly means: string | null;
  readonly checklist: readonly string[];
  /** What of the name only this machine knows; null: nothing. */
  readonly note: string | null;
}

export interface HereOptions {
  /** `ADDRESS:PORT`; null: the system's. */
  readonly resolver: string | null;
  /** Tried one after the other in the place of what DNS says, until one answers. Default: DNS is asked. */
  readonly loopback?: readonly [string, ...string[]] | null;
  /** Default: this machine's. */
  readonly hostsFile?: string;
  /** Authorities to trust besides the default ones, PEM each. Default: none. */
  readonly trust?: readonly string[];
}

/**
 * Tries a target once from here, as a prober does. Whoever sits at this machine may dial what it reaches, so no address is forbidden;
 * there are no controls: what fails may be this machine's own network.
 */
export async function checkHere(target: CheckTarget, options: HereOptions): Promise<HereCheck> {
  const { loopback = null, hostsFile = HOSTS_FILE, ...rest } = options;
  const [first, ...others] = loopback ?? [null];
  let seen = await tryOnce(target, first, rest);
  for (const address of others) {
    if (seen.timings.tcpMs !== undefined) break;
    const other = await tryOnce(target, address, rest);
    if (other.timings.tcpMs !== undefined) seen = other;
  }
  return { ...seen, note: await noteOf(seen, loopback, hostsFile) };
}

type TryOptions = Pick<HereOptions, 'resolver' | 'trust'>;

async function noteOf(
  { target, stage, outcome }: Omit<HereCheck, 'note'>,
  loopback: HereOptions['loopback'],
  hostsFile: string,
): Promise<string | null> {
  const { host, port } = target;
  if (loopback) return `${host} is this machine (RFC 6761): DNS was not asked, which the probers do`;
  if (stage !== 'dns' || outcome === 'ok') return null;
  const address = await hostsFileAddress(host, hostsFile);
  if (address === null) return null;
  const other = targetOf({ host: address, port });
  return `the hosts file has ${address} for ${host}, but DNS was asked, because the probers do: parallax check ${other} tries that`;
}

/** @param address - instead of what DNS says; null: it is asked. */
async function tryOnce(
  target: CheckTarget,
  address: string | null,
  options: TryOptions,
): Promise<Omit<HereCheck, 'note'>> {
  const one: Try = {
    target: { ...target, host: address ?? target.host, tag: 0 },
    address: null,
    pin: 'if_resolved',
    orOther: false,
    rotation: Math.floor(Date.now() / 1000),
  };
  const prober = {
    ...options,
    allowPrivateAddresses: true,
    ipv6: true,
    controls: [],
    sourceAddress: () => null,
    // Nobody waits for a turn where there is one try: what a failing stage took is taken from the whole.
    gate: new Gate(0),
  };
  // What is loaded once is loaded before anything is timed.
  await checkClock();
  const from = now();
  const { attempts } = await climbEach([one], prober);
  const elapsedMs = now() - from;
  const [attempt] = attempts;
  if (!attempt) throw new Error('a try came to nothing', { cause: { target } });
  const { observation, certificate, tls } = attempt;
  const { at, sourceAddress: _, ...facts } = factsOf(observation);
  const { passed } = observation;
  const failed = !passed && observation.evidence !== 'inconclusive';
  return {
    at: new Date(at).toISOString(),
    target,
    result: passed ? 'passing' : failed ? 'failing' : 'inconclusive',
    ...facts,
    tls,
    certificate,
    minRttMs: ('minRttMs' in observation ? observation.minRttMs : undefined) ?? null,
    failedAfterMs: passed ? null : Math.max(0, elapsedMs - sumOf(observation.timings)),
    means: passed ? null : outcomeRow(observation.stage, observation.outcome).means,
    checklist: passed ? [] : checklistOf(target, facts),
  };
}

/** Of what has finished. */
export const sumOf = ({ dnsMs = 0, tcpMs = 0, tlsMs = 0, http2Ms = 0 }: Timings): number =>
  dnsMs + tcpMs + tlsMs + http2Ms;

/** What is to be looked at where nobody else has tried: the lines about probers on AWS are not about this machine. */
function checklistOf(
  { host, port, serverName }: CheckTarget,
  failing: Pick<Newest, 'stage' | 'outcome' | 'evidence' | 'reason' | 'address'>,
): readonly string[] {
  const lines = lookFirst({
    rule: 'fails_everywhere_mixed',
    failing: [failing],
    host,
    port,
    serverName: serverName ?? null,
    sourceAddresses: [],
  });
  return lines.filter((line) => line !== OWN_TROUBLE && !line.includes(NO_SOURCES));
}
