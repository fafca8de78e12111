import type { Handshake } from '../lib/outcome/outcome.ts';
import { Gate } from '../lib/probe/gate.ts';
import { climbAll, type Prober } from '../lib/probe/group.ts';
import type { Observation, Timings } from '../lib/round/observation.ts';
import type { PeerReady } from './peer-ready.ts';
import { targetOf } from './target.ts';

/**
 * Climbs to the peer `times` times as one group, at the prober's own pace. The same address each time, so the spacing per
 * address is off. @throws when a try fails: there is nothing to measure then.
 */
export async function climbGroup(
  peer: PeerReady,
  times: number,
  handshake: Handshake = 'http2',
): Promise<{ readonly observations: readonly Observation[]; readonly seconds: number }> {
  const prober: Prober = {
    resolver: null,
    allowPrivateAddresses: true,
    ipv6: false,
    controls: [],
    sourceAddress: () => null,
    trust: [peer.authority],
    gate: new Gate(0),
  };
  const one = { address: '127.0.0.1', pin: 'must', orOther: false, rotation: 0 } as const;
  const tries = Array.from({ length: times }, () => ({ ...one, target: targetOf(peer, handshake) }));
  const begun = performance.now();
  const { observations } = await climbAll(tries, prober);
  const seconds = (performance.now() - begun) / 1000;
  const failing = observations.filter(({ passed }) => !passed);
  if (failing.length > 0) throw new Error(`${failing.length} of the group failed`, { cause: failing });
  return { observations, seconds };
}

/** NaN where TLS did not finish. */
export const tlsMsOf = ({ timings }: { readonly timings: Timings }): number => timings.tlsMs ?? Number.NaN;
