import type { DnsRecord } from '../../support/dns-server.ts';
import type { Lab } from '../lab.ts';
import { type NetworkScenario, PASSES, REGIONS, type RegionName, type Seen } from '../scenario.ts';
import type { Addresses } from '../world.ts';
import { ALONE, DOWN, http2, PARTIAL, REFUSED, SILENCE, tcp } from './parts.ts';
import { unboundScenario } from './unbound.ts';

type From = 'everywhere' | typeof ALONE;

const unresolved = (outcome: string, errno: string): Seen => ({
  stage: 'dns',
  outcome,
  evidence: 'unresolved',
  errno,
});

let labels = 0;

interface Wrong {
  readonly name: string;
  readonly from: From;
  /** What the resolver says instead. */
  readonly says: (lab: Lab) => Promise<DnsRecord>;
  readonly seen: Seen;
  readonly verdict: NetworkScenario['verdict'];
  /** Default: tcp. */
  readonly handshake?: 'tcp' | 'http2';
}

/** The resolvers of some regions answer for a name as they should not. */
function wrong({ name, from, says, seen, verdict, handshake = 'tcp' }: Wrong): NetworkScenario {
  labels += 1;
  const host = `name-${labels}.lab.test`;
  const regions: readonly RegionName[] = from === ALONE ? [ALONE] : REGIONS;
  return {
    name: `${name}, ${from}`,
    arrange: async (lab) => {
      const good = { a: [(await lab.address()).address] };
      const bad = await says(lab);
      for (const region of REGIONS) lab.names[region].set(host, good);
      const say = async (record: DnsRecord): Promise<void> => {
        for (const region of regions) lab.names[region].set(host, record);
      };
      return {
        endpoint: handshake === 'tcp' ? tcp(host) : http2(host, host),
        fault: () => say(bad),
        mend: () => say(good),
      };
    },
    sees: from === ALONE ? { [ALONE]: seen, others: PASSES } : { others: seen },
    verdict,
  };
}

const SERVFAIL = 2;
const NXDOMAIN = 3;
const record = (says: DnsRecord) => async (): Promise<DnsRecord> => says;
const at = ({ address }: Addresses): DnsRecord => ({ a: [address] });

/** An address behind a wall. */
async function dead(lab: Lab): Promise<DnsRecord> {
  const address = await lab.address();
  await lab.world.rules(
    lab.shops,
    'add table inet dead',
    'add chain inet dead wall { type filter hook input priority 0; }',
    `add rule inet dead wall ip daddr ${address.address} drop`,
  );
  return at(address);
}

/** A host at which nothing listens. */
const closed = async ({ regions }: Lab): Promise<DnsRecord> => at(regions['eu-west-1']);

/** Somebody else's server: it answers, with a certificate for other names. */
const stranger = async ({ stranger }: Lab): Promise<DnsRecord> => at(stranger);

export const NAME_SCENARIOS: readonly NetworkScenario[] = [
  ...(['everywhere', ALONE] as const).flatMap((from) => {
    const verdict = from === ALONE ? PARTIAL.unresolved : DOWN.unresolved;
    return [
      wrong({
        name: 'resolver silent',
        from,
        says: record('silent'),
        seen: unresolved('timeout', 'ETIMEOUT'),
        verdict,
      }),
      wrong({
        name: 'resolver says SERVFAIL',
        from,
        says: record({ rcode: SERVFAIL }),
        seen: unresolved('servfail', 'ESERVFAIL'),
        verdict,
      }),
      wrong({
        name: 'resolver says NXDOMAIN',
        from,
        says: record({ rcode: NXDOMAIN }),
        seen: unresolved('nxdomain', 'ENOTFOUND'),
        verdict,
      }),
      wrong({
        name: 'resolver says there is no address',
        from,
        says: record({ a: [] }),
        seen: unresolved('no_answer', 'ENODATA'),
        verdict,
      }),
    ];
  }),
  wrong({
    name: 'geo-DNS gives a dead address',
    from: ALONE,
    says: dead,
    seen: SILENCE,
    verdict: PARTIAL.deadAddress,
  }),
  wrong({
    name: 'resolver lies: an address at which nothing listens',
    from: ALONE,
    says: closed,
    seen: REFUSED,
    verdict: PARTIAL.deadAddress,
  }),
  wrong({
    name: 'resolver lies: an address at which nothing listens',
    from: 'everywhere',
    says: closed,
    seen: REFUSED,
    verdict: DOWN.notListening,
  }),
  ...(['everywhere', ALONE] as const).map((from) =>
    wrong({
      name: "resolver lies: a stranger's address",
      from,
      says: stranger,
      handshake: 'http2',
      seen: {
        stage: 'tls',
        outcome: 'bad_certificate',
        evidence: 'listening',
        reason: 'hostname_mismatch',
      },
      verdict: from === ALONE ? PARTIAL.differs : DOWN.handshake,
    }),
  ),
  unboundScenario,
];
