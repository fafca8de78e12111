import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ClockCheck } from '../round/clock.ts';
import { dial } from './tcp.ts';
import { clockTrouble, distrustKernel, tcpClock } from './tcp-clock.ts';

const LOOPBACK = '127.0.0.1';
/** Loopback answers at once or, behind a firewall, never; nobody waits for it. */
const WITHIN_MS = 100;

let checked: Promise<ClockCheck> | undefined;

/**
 * Tries the clock of this process by one handshake with itself, once: some milliseconds, meant for before the first try. A
 * kernel that does not measure it, or measures more than the event loop saw, is not asked again. Never rejects.
 */
export function checkClock(): Promise<ClockCheck> {
  checked ??= check();
  return checked;
}

async function check(): Promise<ClockCheck> {
  const before = clockTrouble();
  const measured = await handshakeWithOurselves();
  if (before === null && measured !== null && measured.kernelMs === null) distrustKernel('implausible');
  const { kernelMs, loopMs } = measured ?? { kernelMs: null, loopMs: null };
  return { tcpClock: tcpClock(), trouble: clockTrouble(), kernelMs, loopMs };
}

/** null: no handshake can be made here. */
async function handshakeWithOurselves(): Promise<(Pick<ClockCheck, 'kernelMs'> & { loopMs: number }) | null> {
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(0, LOOPBACK);
    await once(server, 'listening');
    const dialled = await dial(LOOPBACK, (server.address() as AddressInfo).port, WITHIN_MS);
    if (!dialled.ok) return null;
    dialled.socket.destroy();
    return { kernelMs: dialled.clock === 'kernel' ? dialled.ms : null, loopMs: dialled.to - dialled.from };
  } catch {
    // Loopback is down or listening is forbidden: that says nothing of the clock.
    return null;
  } finally {
    server.close();
  }
}
