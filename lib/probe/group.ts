import { addressFamilyOf, canonicalAddress } from '../endpoint/address.ts';
import type { CertificateFacts } from '../round/certificate.ts';
import type { Observation } from '../round/observation.ts';
import { type Answer, isPinned, resolveAll } from './answers.ts';
import { blame } from './blame.ts';
import { inTurn } from './choose.ts';
import { now } from './clock.ts';
import type { FamilyHealth, RegionHealth } from './control-health.ts';
import { tryControls } from './controls.ts';
import { Doubt, familyOf } from './doubt.ts';
import { type Gate, gate } from './gate.ts';
import { type Attempt, attempt, mayDial } from './ladder.ts';
import { type Limits, START_WITHIN_MS } from './limits.ts';
import { failedDns, failedTcp, type Resolved, type Target } from './observe.ts';
import { type DnsAnswer, Names } from './resolve.ts';

/** One endpoint to climb to. */
export interface Try {
  readonly target: Target;
  /** An address somebody has named; null: any of our own answer. */
  readonly address: string | null;
  /** `must`: dial `address` whatever DNS says. `if_resolved`: only as long as DNS gives it. */
  readonly pin: 'must' | 'if_resolved';
  /** If that fails, try one other address of our own answer too. */
  readonly orOther: boolean;
  /** The number of the slot: the sorted answer begins at another place each time. */
  readonly rotation: number;
  /** Its `at` is later than this whatever the clock says: another region's try has caused it. Epoch ms; default: no such. */
  readonly after?: number;
}

/** What a process knows of itself as a prober. */
export interface Prober {
  /** `ADDRESS:PORT`; null: the system's. */
  readonly resolver: string | null;
  readonly allowPrivateAddresses: boolean;
  readonly ipv6: boolean;
  /** `HOST:PORT` each. */
  readonly controls: readonly string[];
  /** The public address as last learnt. */
  sourceAddress(): string | null;
  /** Authorities to trust besides the default ones, PEM each. Default: none. */
  readonly trust?: readonly string[];
  /** Default: see LIMITS. */
  readonly limits?: Partial<Limits>;
  /** What lets its tries start. Default: the one gate of this process. */
  readonly gate?: Gate;
  /** When most controls last failed here, epoch ms. Default: never. */
  readonly sickAtMs?: number | undefined;
  /** A try that had to wait longer for its turn is given up (`local_error`, `address_busy`). Default 30 s. */
  readonly startWithinMs?: number;
}

export interface GroupResult extends Pick<Climbed, 'controls'> {
  readonly observations: readonly Observation[];
  /** Each once. */
  readonly certificates: readonly CertificateFacts[];
}

interface Group {
  readonly prober: Prober;
  readonly doubt: Doubt;
  /** Monotonic. */
  readonly giveUpAt: number;
}

/**
 * Waits for its turn, then climbs. `after`: the `at` of the try before it, or that caused it in another region, whose clock may be
 * ahead: nobody could tell else which was the newer.
 */
async function climbTo(
  target: Target,
  found: Pick<Resolved, 'address' | 'dnsMs'>,
  { prober, giveUpAt, doubt }: Group,
  after = Number.NEGATIVE_INFINITY,
): Promise<Attempt> {
  const begun = (): number => Math.max(Date.now(), after + 1);
  const unsent = (reason: string): Attempt => ({
    observation: failedTcp(
      target,
      { ...found, at: begun() },
      { outcome: 'local_error', reason, errno: null, synRetransmits: 0 },
    ),
    certificate: null,
    tls: null,
  });
  if (!prober.ipv6 && addressFamilyOf(found.address) === 'ipv6') return unsent('no_ipv6');
  // Nothing is sent to a forbidden address, so nothing need be spaced.
  const passes = () => (prober.gate ?? gate).pass(found.address, target.handshake, giveUpAt);
  if (mayDial(found.address, prober) && !(await passes())) return unsent('address_busy');
  const { allowPrivateAddresses, trust, limits } = prober;
  return doubt.watch(attempt(target, { ...found, at: begun() }, { allowPrivateAddresses, trust, limits }));
}

async function climbOne(
  one: Try,
  answerOf: (target: Target) => Promise<Answer>,
  group: Group,
): Promise<readonly Attempt[]> {
  const { target, rotation, after } = one;
  const { allowPrivateAddresses } = group.prober;
  const addressesOf = (answer: DnsAnswer): readonly [string, ...string[]] =>
    inTurn(answer.addresses, { named: one.address, rotation, allowPrivateAddresses });
  let first: Attempt;
  if (isPinned(one)) {
    const address = canonicalAddress(target.host) ?? canonicalAddress(one.address) ?? one.address;
    first = await climbTo(target, { address }, group, after);
  } else {
    const answer = await answerOf(target);
    if (!answer.ok) {
      const at = after === undefined ? answer.askedAt : Math.max(answer.askedAt, after + 1);
      return [{ observation: failedDns(target, at, answer), certificate: null, tls: null }];
    }
    const [address] = addressesOf(answer);
    first = await climbTo(target, { address, dnsMs: answer.dnsMs }, group, after);
  }
  const { observation } = first;
  if (!one.orOther || observation.passed || observation.stage === 'dns') return [first];
  const answer = await answerOf(target);
  if (!answer.ok) return [first];
  const other = addressesOf(answer).find((address) => address !== observation.address);
  if (other === undefined) return [first];
  const found = { address: other, dnsMs: answer.dnsMs };
  return [first, await climbTo(target, found, group, observation.at)];
}

/** What came of a group's tries, each with all that it has seen. */
export interface Climbed {
  /** In the order of the tries; the other address of a try follows its first. */
  readonly attempts: readonly Attempt[];
  /** null: nothing failed, so they were not asked. */
  readonly controls: RegionHealth | null;
}

/** The same as climbEach, as what is kept of it. */
export async function climbAll(tries: readonly Try[], prober: Prober): Promise<GroupResult> {
  const { attempts, controls } = await climbEach(tries, prober);
  const observations = attempts.map(({ observation }) => observation);
  return { observations, certificates: distinct(attempts), controls };
}

/**
 * Climbs to many endpoints: resolves their names first, then dials, paced by what the process has left and at most twice a
 * second to one address; when anything fails or stays silent, asks the controls whether to believe it. Nothing but handshakes runs
 * between the first and the last of them. Ends at most 8 s after its last start. Rejects only for a control that is not `HOST:PORT`.
 */
export async function climbEach(tries: readonly Try[], prober: Prober): Promise<Climbed> {
  const { controls: list, resolver, allowPrivateAddresses, gate: own } = prober;
  const doubt = new Doubt(
    (how) => tryControls(list, { resolver, allowPrivateAddresses, gate: own, ...how }),
    tries.some(({ target }) => target.addressFamily === 'ipv6'),
  );
  const group: Group = { prober, doubt, giveUpAt: now() + (prober.startWithinMs ?? START_WITHIN_MS) };
  const names = new Names(resolver);
  try {
    const answerOf = await resolveAll(tries, names, doubt);
    const climbs = await Promise.all(
      tries.map(async (one) => {
        const attempts = await climbOne(one, answerOf, group);
        return attempts.map((made) => ({ ...made, family: familyOf(made.observation, one.target) }));
      }),
    );
    const attempts = climbs.flat();
    const controls = await doubt.healthFor(attempts);
    return {
      attempts: attempts.map(({ family, ...made }) => ({
        ...made,
        observation: finished(made.observation, controls?.families[family] ?? null, prober),
      })),
      controls: controls?.region ?? null,
    };
  } finally {
    names.close();
  }
}

/** A try that began while the region was sick may last until it is well again: 6 s for the try, 2 s for the controls before it. */
const RECOVERS_MS = 10_000;

function finished(observation: Observation, health: FamilyHealth | null, prober: Prober): Observation {
  if (observation.passed) return observation;
  const sick = observation.at <= (prober.sickAtMs ?? Number.NEGATIVE_INFINITY) + RECOVERS_MS;
  const blamed = health ? blame(observation, sick ? { ...health, reached: false } : health) : observation;
  return { ...blamed, sourceAddress: prober.sourceAddress() };
}

function distinct(attempts: readonly Attempt[]): readonly CertificateFacts[] {
  const facts = attempts.map(({ certificate }) => certificate).filter((certificate) => certificate !== null);
  return [...new Map(facts.map((certificate) => [certificate.sha256, certificate])).values()];
}
