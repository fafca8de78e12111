import type { Transition } from '../incident/state.ts';
import type { RegionReport } from '../verdict/region-state.ts';
import {
  addressesOf,
  blockedAddressesOf,
  type Deployment,
  forbiddenOf,
  grouped,
  reachedElsewhere,
  spokenOf,
} from './facts.ts';
import { listed, oneLine } from './limits.ts';

const MOST_NAMES = 3;

/** What the rule lets one conclude, in one sentence that claims no more than was seen. */
export function reasoningOf(transition: Transition, deployment: Deployment): string {
  const { failing, unknown, total } = grouped(transition);
  const spoken = spokenOf(transition, failing);
  const many = spoken.length > MOST_NAMES;
  const names = many
    ? `these ${spoken.length} regions`
    : spoken.map((report) => oneLine(report.region, 40)).join(', ');
  const from = many ? `AWS in ${spoken.length} regions` : `AWS ${names}`;
  const at = listed(addressesOf(spoken), 2) || 'the address';
  const alone = total === 1 ? ' Seen from one region only: a block of this region would look the same.' : '';
  switch (transition.rule) {
    case 'not_watched': {
      const forbidden = listed(addressesOf(forbiddenOf(unknown)), 2);
      return forbidden === ''
        ? 'This says nothing of the endpoint, which may be up or down: the trouble is with the probers.'
        : `Its host leads to ${forbidden}, private or reserved and so never dialled: whatever listens there, the internet does not get to it.`;
    }
    case 'unproven':
      return 'It never passed from any region since it was registered or changed: a wrong host or port is likelier than an outage.';
    case 'failing_where_seen':
      return `One witness cannot tell a block of ${from} from an outage: the other regions have no data.`;
    case 'blocked_from_some': {
      const reach = spoken.length === 1 ? 'reaches its' : 'reach their';
      const healthy = deployment.controls?.length ? ` and ${names} ${reach} control endpoints` : '';
      const cutOff = listed(blockedAddressesOf(spoken), 2) || 'the address';
      return `The same address answers elsewhere${healthy}: something between ${from} and ${cutOff} ${deed(spoken)}.`;
    }
    case 'refused_from_some':
      return `The same address answers elsewhere: something rejects ${from}, or ${from} gets to a server of that address (anycast, balancer) on which nothing listens.`;
    case 'dead_address_from_some': {
      const other = listed(reachedElsewhere(spoken), 2);
      const reach = spoken.length === 1 ? 'reaches' : 'reach';
      const compared = other ? ` (${names} ${reach} ${other})` : '';
      return `Other addresses of the name answer${compared}: ${at} is dead, or cut off from ${from}, and clients that are given it fail too.`;
    }
    case 'unresolved_from_some':
      return `Other regions resolve the name: ${from} gets another DNS answer (geo DNS, delegation, DNSSEC, or a filter).`;
    case 'handshake_differs':
      return `The port is open from everywhere and the handshake fails from ${from} only: servers differ, or something on the way answers in their place (possible interception).`;
    case 'not_listening':
      return `Something answers that nothing listens on the port: the host is there (or a firewall rejects in its name), the service is not.${alone}`;
    case 'unreachable_everywhere':
      return `Silence from everywhere looks the same whether the host is down, its accept queue is full or a firewall drops everything.${alone}`;
    case 'unresolved_everywhere':
      return `No region gets an address for the name, so nobody can connect, whatever the server does.${alone}`;
    case 'handshake_fails_everywhere':
      return `The port is open and the handshake fails from everywhere: look at the server, or at what ends TLS in front of it, before the network.${alone}`;
    case 'fails_everywhere_mixed':
      return `Every region that reports fails, and not all in the same way: see each line.${alone}`;
    case 'reachable':
      return 'Every region that reports gets through.';
  }
}

function deed(spoken: readonly RegionReport[]): string {
  if (spoken.every((report) => report.evidence === 'interfered')) return 'cuts the handshake off';
  if (spoken.every((report) => report.outcome === 'unreachable' || report.outcome === 'prohibited'))
    return 'rejects it';
  return spoken.every((report) => report.evidence === 'filtered') ? 'drops it' : 'drops it or cuts it off';
}
