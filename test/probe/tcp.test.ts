import { afterAll, describe, expect, it } from 'vitest';
import { now } from '../../lib/probe/clock.ts';
import { dial, tcpOutcome } from '../../lib/probe/tcp.ts';
import { tcpClock } from '../../lib/probe/tcp-clock.ts';
import { tcpInfo } from '../../lib/probe/tcp-info.ts';
import { type Peer, tcpServer } from '../support/servers.ts';
import { silentPort } from '../support/silent-port.ts';

const peers: Peer[] = [];
const keep = async <P extends Peer>(starting: Promise<P>): Promise<P> => {
  const peer = await starting;
  peers.push(peer);
  return peer;
};
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
});

const block = (ms: number): void => {
  const end = now() + ms;
  while (now() < end);
};

describe('what an error means', () => {
  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['ENETUNREACH', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EHOSTDOWN', 'unreachable'],
    ['ENONET', 'unreachable'],
    ['EACCES', 'prohibited'],
    ['ENOPROTOOPT', 'prohibited'],
    ['ECONNRESET', 'reset'],
    ['EADDRNOTAVAIL', 'local_error'],
    ['EMFILE', 'local_error'],
    ['ENFILE', 'local_error'],
    ['ENOBUFS', 'local_error'],
    ['EAFNOSUPPORT', 'local_error'],
    ['EPERM', 'local_error'],
    ['ESOMETHING', 'unknown'],
  ])('%s from the network: %s', (code, outcome) => expect(tcpOutcome({ code }, false)).toBe(outcome));

  it.each(['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'ESOMETHING'])(
    '%s from connect(2) itself is ours',
    (code) => expect(tcpOutcome({ code }, true)).toBe('local_error'),
  );

  it('a destination that this machine has no way to is our own trouble', async () => {
    // Port 0 of the broadcast address: connect(2) fails at once, whatever the routes are.
    const result = await dial('255.255.255.255', 9, 1000);
    expect(result).toMatchObject({ ok: false, outcome: 'local_error' });
  });
});

describe('the clock', () => {
  // On Linux with the packages that are installed here; elsewhere there is only the loop's.
  it.runIf(process.platform === 'linux')(
    'is the kernel, whose time a busy event loop does not spoil',
    async () => {
      expect(tcpClock()).toBe('kernel');
      const peer = await keep(tcpServer());
      const dialling = dial(peer.address, peer.port, 4500);
      // The connection is begun in this turn of the loop; its answer waits until the loop turns again.
      process.nextTick(() => block(120));
      const result = await dialling;
      expect(result).toMatchObject({ ok: true, clock: 'kernel', synRetransmits: 0 });
      if (!result.ok) return;
      expect(result.to - result.from).toBeGreaterThan(100);
      expect(result.ms).toBeLessThan(20);
      const info = tcpInfo(result.socket);
      expect(info?.rttUs).toBeGreaterThan(0);
      // There was one round trip so far, so it is the shortest (null before Linux 4.6).
      expect(info?.minRttUs ?? info?.rttUs).toBe(info?.rttUs);
      result.socket.destroy();
      expect(tcpInfo(result.socket)).toBeNull();
    },
  );

  it('does not call an answer silence because its own timer was late', async () => {
    const peer = await keep(tcpServer());
    const dialling = dial(peer.address, peer.port, 20);
    process.nextTick(() => block(200));
    const result = await dialling;
    expect(result.ok).toBe(true);
    if (result.ok) result.socket.destroy();
  });

  it.runIf(process.platform === 'linux')('counts the SYNs that got no answer', async () => {
    const peer = await keep(silentPort());
    const result = await dial(peer.address, peer.port, 1500);
    expect(result).toMatchObject({ ok: false, outcome: 'timeout', synRetransmits: 1 });
  });

  it('shows a connection that needed a second SYN as slow, and says why', async () => {
    const peer = await keep(silentPort());
    const dialling = dial(peer.address, peer.port, 10_000);
    peer.heal();
    const result = await dialling;
    expect(result.ok).toBe(true);
    if (!result.ok) return;
    result.socket.destroy();
    // The listener may have woken before our first SYN.
    if (result.synRetransmits > 0) {
      expect(result).toMatchObject({ clock: 'loop' });
      expect(result.ms).toBeGreaterThan(900);
    }
  });
});
