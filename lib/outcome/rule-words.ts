import type { LookFirstRule } from './look-first-shape.ts';
import type { Evidence } from './outcome.ts';

type Conclusive = Exclude<Evidence, 'inconclusive'>;

/** What a region that fails says while others listen, and the rule that follows; the judge goes by lib/verdict. */
export const FROM_SOME: readonly {
  readonly evidence: Conclusive;
  /** Whether the address it failed at freshly passed from another region; null: it does not matter. */
  readonly sameAddressListens: boolean | null;
  readonly rule: LookFirstRule;
}[] = [
  { evidence: 'filtered', sameAddressListens: true, rule: 'blocked_from_some' },
  { evidence: 'interfered', sameAddressListens: true, rule: 'blocked_from_some' },
  { evidence: 'refused', sameAddressListens: true, rule: 'refused_from_some' },
  { evidence: 'filtered', sameAddressListens: false, rule: 'dead_address_from_some' },
  { evidence: 'interfered', sameAddressListens: false, rule: 'dead_address_from_some' },
  { evidence: 'refused', sameAddressListens: false, rule: 'dead_address_from_some' },
  { evidence: 'unresolved', sameAddressListens: null, rule: 'unresolved_from_some' },
  { evidence: 'listening', sameAddressListens: null, rule: 'handshake_differs' },
];

/** What the regions say where every one that counts fails. */
export const FROM_ALL: readonly { readonly seen: readonly Conclusive[]; readonly rule: LookFirstRule }[] = [
  { seen: ['refused'], rule: 'not_listening' },
  { seen: ['filtered'], rule: 'unreachable_everywhere' },
  { seen: ['unresolved'], rule: 'unresolved_everywhere' },
  { seen: ['listening', 'interfered'], rule: 'handshake_fails_everywhere' },
];

/** Every rule in one sentence. */
export const RULE_MEANS: Readonly<Record<LookFirstRule, string>> = {
  not_watched: 'No region has said anything conclusive lately: nothing is known of the endpoint.',
  unproven:
    'It has never been seen listening since it was registered or changed: a typing error, most likely.',
  failing_where_seen: 'One region alone reports, and fails there: block and outage look the same.',
  blocked_from_some: 'The same address listens elsewhere: something on the way keeps these regions out.',
  refused_from_some:
    'The same address listens elsewhere: something refuses these regions, or they reach another server of it.',
  dead_address_from_some:
    'Another address of the name listens: the one that these regions tried is dead or cut off.',
  unresolved_from_some: 'The name resolves elsewhere: these regions get another answer, or none.',
  handshake_differs:
    'The port listens from everywhere, and its TLS or HTTP/2 fails from some: interception, perhaps.',
  not_listening: 'Something answers everywhere that nothing listens.',
  unreachable_everywhere: 'Silence everywhere: host down, or a firewall that drops all.',
  unresolved_everywhere: 'No region gets an address.',
  handshake_fails_everywhere: 'The port listens, and the handshake above it fails from everywhere.',
  fails_everywhere_mixed: 'Every region fails, in different ways.',
  reachable: 'Every region that reports gets through, or nothing else is confirmed.',
};
