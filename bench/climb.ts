import type { Socket } from 'node:net';
import { farewell } from '../lib/probe/farewell.ts';
import { exchangeSettings } from '../lib/probe/http2.ts';
import { LIMITS } from '../lib/probe/limits.ts';
import { dial } from '../lib/probe/tcp.ts';
import { secure } from '../lib/probe/tls.ts';
import { NAME, type PeerReady } from './peer-ready.ts';

export interface Climbed {
  /** The prober's own TCP timing, and by which clock. */
  readonly tcpMs: number;
  readonly clock: 'kernel' | 'loop';
  /** The same handshake as the event loop saw it. */
  readonly loopMs: number;
}

/**
 * The prober's rungs one by one up to http2, and its goodbye: what `attempt` does, with both clocks of one TCP handshake kept and
 * the socket shown to `connected`. @throws when a rung fails: there is nothing to measure then.
 */
export async function climb(
  peer: PeerReady,
  connected: (socket: Socket) => void = () => {},
): Promise<Climbed> {
  const dialled = await dial('127.0.0.1', peer.port, LIMITS.connectMs);
  if (!dialled.ok) throw new Error(`tcp ${dialled.outcome}`, { cause: dialled });
  connected(dialled.socket);
  const secured = await secure(dialled.socket, {
    host: NAME,
    certificate: 'verify',
    trust: [peer.authority],
    withinMs: LIMITS.tlsMs,
    last: false,
    rttMs: dialled.ms,
    stageBytes: LIMITS.stageBytes,
    sessionBytes: LIMITS.sessionBytes,
  });
  if (!secured.ok) throw new Error(`tls ${secured.outcome}`, { cause: secured });
  const settled = await exchangeSettings(secured.socket, LIMITS.http2Ms, LIMITS.sessionBytes);
  if (!settled.ok) throw new Error(`http2 ${settled.failure.outcome}`, { cause: settled });
  farewell(secured.socket, LIMITS.stageBytes, settled.goodbye);
  return { tcpMs: dialled.ms, clock: dialled.clock, loopMs: dialled.to - dialled.from };
}

/** Calls `one` `times` times, always `inFlight` of them at once. */
export async function keepInFlight<T>(
  inFlight: number,
  times: number,
  one: () => Promise<T>,
): Promise<readonly T[]> {
  const results: T[] = [];
  let left = times;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      results.push(await one());
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, times) }, work));
  return results;
}
