import { type NetworkScenario, PASSES } from '../scenario.ts';
import { ALONE, http2, NOTHING, ruled, tcp } from './parts.ts';

const NAME = 'asked-of-a-sick-resolver.lab.test';

/** The resolver of one region answers nothing any more, not even for the control. */
const RESOLVER_GONE: NetworkScenario = {
  name: 'the resolver of one region is silent for all names',
  arrange: async (lab) => {
    const { address } = await lab.address();
    for (const names of Object.values(lab.names)) names.set(NAME, { a: [address] });
    return {
      endpoint: tcp(NAME),
      fault: async () => lab.names[ALONE].answerAll('silent'),
      mend: async () => lab.names[ALONE].answerAll(null),
    };
  },
  sees: {
    [ALONE]: {
      stage: 'dns',
      outcome: 'timeout',
      evidence: 'inconclusive',
      reason: 'resolver_unhealthy',
    },
    others: PASSES,
  },
  verdict: NOTHING,
};

/** IPv6 does not work where one prober stands. */
const IPV6_BROKEN: NetworkScenario = {
  name: 'IPv6 is broken at one prober',
  arrange: async (lab) => {
    const { address6 } = await lab.address();
    const region = lab.regions['eu-west-1'];
    return {
      endpoint: http2(address6),
      ...ruled(lab, region, 'output', 'meta nfproto ipv6 meta l4proto tcp drop'),
    };
  },
  sees: {
    'eu-west-1': { stage: 'tcp', outcome: 'timeout', evidence: 'inconclusive', reason: 'region_unhealthy' },
    others: PASSES,
  },
  verdict: NOTHING,
};

export const PROBER_SCENARIOS: readonly NetworkScenario[] = [RESOLVER_GONE, IPV6_BROKEN];
