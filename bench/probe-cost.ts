import type { Handshake } from '../lib/outcome/outcome.ts';
import { attempt } from '../lib/probe/ladder.ts';
import { type Figure, quantile } from './bench.ts';
import { climb, keepInFlight } from './climb.ts';
import type { PeerReady } from './peer-ready.ts';
import { targetOf } from './target.ts';
import { countSent, type Sent } from './wire.ts';

const COSTED = 500;
const IN_FLIGHT = 8;
const ROUNDS = 3;
const WEIGHED = 20;

/** Of this process alone, all its threads; the peer's is its own. The middle one of some rounds. */
export async function cost(
  peer: PeerReady,
  handshake: Handshake,
  progress: (text: string) => void,
): Promise<Figure> {
  progress(`${ROUNDS} × ${COSTED} ${handshake} handshakes, ${IN_FLIGHT} in flight`);
  const target = targetOf(peer, handshake);
  const one = async (): Promise<void> => {
    const { observation } = await attempt(
      target,
      { address: '127.0.0.1', at: Date.now() },
      { allowPrivateAddresses: true, trust: [peer.authority] },
    );
    if (!observation.passed) throw new Error(`${handshake} failed`, { cause: observation });
  };
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await keepInFlight(IN_FLIGHT, COSTED, one);
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / COSTED);
  }
  const value = quantile(rounds, 0.5);
  const atMost = handshake === 'http2' ? { atMost: 600 } : {};
  return { what: `CPU of one ${handshake} handshake`, value, unit: 'µs', ...atMost };
}

/** What leaves this machine for one handshake and its goodbye. */
export async function weight(peer: PeerReady): Promise<readonly Figure[]> {
  const sent: Sent[] = [];
  for (let left = WEIGHED; left > 0; left -= 1) {
    let counting: Promise<Sent> | null = null;
    await climb(peer, (socket) => {
      counting = countSent(socket);
    });
    if (counting !== null) sent.push(await counting);
  }
  const middle = (of: (one: Sent) => number): Pick<Figure, 'value' | 'note'> =>
    sent.length > 0 ? { value: quantile(sent.map(of), 0.5) } : { value: null, note: 'no koffi here' };
  return [
    { what: 'payload sent by one http2 handshake', ...middle((one) => one.payloadBytes), unit: 'bytes' },
    {
      what: 'sent with IPv4 and TCP headers',
      ...middle((one) => one.wireBytes),
      unit: 'bytes',
      atMost: 1200,
      ...(sent[0]
        ? {
            note: `${quantile(
              sent.map((one) => one.segments),
              0.5,
            )} segments`,
          }
        : {}),
    },
  ];
}
