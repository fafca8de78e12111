import type { Deployment } from '../../lib/alert/alert.ts';
import type { Transition } from '../../lib/incident/state.ts';
import {
  allListening,
  DEPLOYMENT,
  EXPIRED,
  everywhere,
  FORBIDDEN,
  failing,
  listening,
  NXDOMAIN,
  REFUSED,
  REGIONS,
  RESET,
  SINCE,
  silent,
  transitionOf,
  triedElsewhere,
} from '../support/transitions.ts';

interface Scenario {
  readonly name: string;
  readonly transition: Transition;
  readonly deployment?: Deployment;
}

const most = allListening.slice(1);
const thirty = Array.from({ length: 34 }, (_, index) => `region-${index + 1}`);
/** What was told before. */
const before = (changes: Partial<NonNullable<Transition['before']>>): Transition['before'] => ({
  kind: 'partial',
  rule: 'blocked_from_some',
  severity: 'P2',
  failing: ['eu-west-1'],
  flapping: false,
  ...changes,
});
const update = (over: Partial<Transition>): Transition =>
  transitionOf('blocked_from_some', { event: 'update', sequence: 2, at: SINCE + 100_000, ...over });
const over = (end: Transition['end']): Transition =>
  transitionOf('blocked_from_some', {
    event: 'resolve',
    end,
    before: before({}),
    sequence: 2,
    at: SINCE + 90_000_000,
  });

/** What the rules alone do not show. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'one silent region beside a block',
    transition: transitionOf('blocked_from_some', {
      regions: [failing('eu-west-1'), ...most.slice(0, 4), silent('sa-east-1')],
    }),
  },
  {
    name: 'no controls, no source address, no runbook, no team',
    transition: {
      ...transitionOf('blocked_from_some', {
        regions: [failing('eu-west-1', { sourceAddress: null }), ...most],
        runbookUrl: null,
      }),
      endpoint: {
        id: 'shop',
        name: 'Shop',
        host: 'shop.example.com',
        port: 443,
        handshake: 'tcp',
        serverName: 'shop.example.com',
        team: null,
      },
    },
    deployment: {
      name: 'prod',
      account: '123456789012',
      homeRegion: 'eu-central-1',
      command: DEPLOYMENT.command,
    },
  },
  {
    name: 'not watched because its name leads to a private address',
    transition: transitionOf('not_watched', {
      regions: REGIONS.map((region, index) =>
        silent(region, index === 5 ? {} : { ...FORBIDDEN, address: index === 0 ? '10.0.7.8' : '10.0.7.9' }),
      ),
    }),
  },
  {
    name: 'a dead address where a region reaches another one',
    transition: transitionOf('dead_address_from_some', {
      regions: [failing('eu-west-1', { address: '203.0.113.8', elsewhere: triedElsewhere('ok') }), ...most],
    }),
  },
  {
    name: 'blocked from the whole service and given a dead address',
    transition: transitionOf('blocked_from_some', {
      regions: [
        failing('eu-west-1', { address: '203.0.113.8', elsewhere: triedElsewhere('timeout') }),
        ...most,
      ],
    }),
  },
  {
    name: 'reset after ClientHello from two regions',
    transition: transitionOf('blocked_from_some', {
      regions: [failing('eu-west-1', RESET), failing('eu-central-1', RESET), ...most.slice(1)],
    }),
  },
  {
    name: 'blocked from two, refused from a third',
    transition: transitionOf('blocked_from_some', {
      regions: [
        failing('eu-west-1'),
        failing('eu-central-1', { outcome: 'unreachable', errno: 'EHOSTUNREACH' }),
        failing('us-east-1', REFUSED),
        ...most.slice(2),
      ],
    }),
  },
  {
    name: 'one region recovering, one unsettled, one slow',
    transition: transitionOf('blocked_from_some', {
      event: 'update',
      sequence: 3,
      at: SINCE + 200_000,
      regions: [
        failing('eu-west-1'),
        listening('eu-central-1', 23.1, { state: 'recovering', tries: 1 }),
        failing('us-east-1', { state: 'suspect', tries: 1 }),
        listening('us-west-2', 1163.4, { synRetransmits: 1, tainted: ['tls', 'http2'] }),
        ...most.slice(3),
      ],
    }),
  },
  {
    name: 'a listening region whose newest try is inconclusive',
    transition: transitionOf('blocked_from_some', {
      regions: [
        failing('eu-west-1'),
        ...most.slice(0, 4),
        listening('sa-east-1', 0, {
          at: new Date(SINCE + 25_000).toISOString(),
          conclusiveAt: new Date(SINCE + 9000).toISOString(),
          evidence: 'inconclusive',
          stage: 'tcp',
          outcome: 'timeout',
          reason: 'region_unhealthy',
          timings: { dnsMs: 1.2 },
        }),
      ],
    }),
  },
  {
    name: 'down with a silent and an unhealthy region',
    transition: transitionOf('not_listening', {
      regions: [
        ...everywhere(REFUSED).slice(0, 4),
        silent('ap-southeast-2', { at: null, since: null }),
        silent('sa-east-1', {
          evidence: 'inconclusive',
          stage: 'tcp',
          outcome: 'timeout',
          reason: 'region_unhealthy',
          at: new Date(SINCE + 3000).toISOString(),
        }),
      ],
    }),
  },
  {
    name: 'only one region configured',
    transition: transitionOf('unreachable_everywhere', { regions: [failing('eu-west-1')] }),
  },
  {
    name: 'thirty-four regions, most of them failing',
    transition: transitionOf('blocked_from_some', {
      regions: thirty.map((region, index) =>
        index < 20 ? failing(region) : listening(region, 20 + index, { region }),
      ),
    }),
  },
  {
    name: 'IPv6',
    transition: {
      ...transitionOf('blocked_from_some', {
        regions: [
          failing('eu-west-1', {
            address: '2001:db8::7',
            sourceAddress: '2a05:d018::1',
            outcome: 'prohibited',
            errno: 'EACCES',
          }),
          ...most.map((report) => ({ ...report, address: '2001:db8::7', timings: { tcpMs: 23.1 } })),
        ],
      }),
      endpoint: {
        id: 'v6',
        name: 'v6',
        host: '2001:db8::7',
        port: 22,
        handshake: 'tcp',
        serverName: null,
        team: null,
      },
    },
  },
  {
    name: 'one of several addresses dead, all regions have met it',
    transition: transitionOf('dead_address_from_some', {
      event: 'update',
      sequence: 2,
      at: SINCE + 100_000,
      regions: everywhere({ ...REFUSED, address: '203.0.113.9' }),
    }),
  },
  {
    name: 'one of several addresses dead, met by all regions but a silent one',
    transition: transitionOf('dead_address_from_some', {
      regions: [...everywhere({ address: '203.0.113.9' }).slice(1), silent('eu-west-1')],
    }),
  },
  {
    name: 'flapping',
    transition: transitionOf('blocked_from_some', { flapping: true }),
  },
  {
    name: 'update, a region has joined and another is back',
    transition: update({
      before: before({ failing: ['eu-west-1', 'us-west-2'] }),
      regions: [failing('eu-west-1'), failing('eu-central-1'), ...most.slice(1)],
    }),
  },
  {
    name: 'update, three regions have joined',
    transition: update({
      before: before({}),
      regions: [...REGIONS.slice(0, 4).map((region) => failing(region)), ...most.slice(3)],
    }),
  },
  {
    name: 'update, graver by its owner’s word',
    transition: update({ severity: 'P1', before: before({}) }),
  },
  {
    name: 'update, another rule',
    transition: update({ before: before({ rule: 'refused_from_some' }) }),
  },
  {
    name: 'reminder',
    transition: update({ reminder: true, before: before({}), at: SINCE + 3_631_000 }),
  },
  {
    name: 'settled after flapping',
    transition: transitionOf('unresolved_from_some', {
      event: 'update',
      before: before({ rule: 'unresolved_from_some', flapping: true }),
      sequence: 2,
      at: SINCE + 1_500_000,
      regions: [failing('eu-west-1', { ...NXDOMAIN, outcome: 'servfail', errno: 'ESERVFAIL' }), ...most],
    }),
  },
  {
    name: 'certificate expired at one server of many',
    transition: transitionOf('handshake_differs', { regions: [failing('eu-west-1', EXPIRED), ...most] }),
  },
  {
    name: 'a day old update, from partial to down',
    transition: transitionOf('unreachable_everywhere', {
      event: 'update',
      sequence: 9,
      before: before({ failing: ['eu-west-1'] }),
      at: SINCE + 93_000_000,
    }),
  },
  { name: 'closed because it was changed', transition: over('changed') },
  { name: 'closed because it is no longer watched', transition: over('no_longer_watched') },
  {
    name: 'closed without data',
    transition: {
      ...over('no_data'),
      regions: REGIONS.map((r) => silent(r)),
      listeningRegions: [],
      failingRegions: [],
      unknownRegions: REGIONS,
    },
  },
  {
    name: 'never seen listening, silent',
    transition: transitionOf('unproven', { regions: everywhere({}), at: SINCE + 301_000 }),
  },
];
