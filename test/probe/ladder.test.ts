import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Certificates, certificates } from '../support/certificates.ts';
import { climb } from '../support/climb.ts';
import { SCENARIOS } from '../support/scenarios.ts';
import { afterHello, alertBytes, http2Server, type Peer, tcpServer, tlsServer } from '../support/servers.ts';

let all: Certificates;
const peers: Peer[] = [];
const keep = async (starting: Promise<Peer>): Promise<Peer> => {
  const peer = await starting;
  peers.push(peer);
  return peer;
};
beforeAll(async () => {
  all = await certificates();
});
afterAll(async () => {
  await Promise.all(peers.map((peer) => peer.close()));
});

describe.concurrent('one try, by what the peer does', () => {
  for (const scenario of SCENARIOS) {
    it(scenario.name, async ({ expect }) => {
      const peer = await keep(scenario.world(all));
      const { observation } = await climb(
        peer,
        all,
        { handshake: scenario.handshake, ...scenario.target },
        { limits: scenario.limits },
      );
      expect(observation).toMatchObject({ tag: 7, at: 1234, ...scenario.expect });
    });
  }

  it.runIf(process.platform === 'linux')(
    'the shortest round trip is kept, and no longer than the first',
    async ({ expect }) => {
      const peer = await keep(http2Server(all.good));
      const { observation } = await climb(peer, all);
      if (!observation.passed) throw new Error('the handshake failed');
      expect(observation.tcpClock).toBe('kernel');
      expect(observation.minRttMs).toBeGreaterThan(0);
      expect(observation.minRttMs).toBeLessThanOrEqual(observation.timings.tcpMs);
    },
  );

  it('a RST right after accept is never "refused"', async ({ expect }) => {
    const peer = await keep(tcpServer((socket) => void socket.resetAndDestroy()));
    const { observation } = await climb(peer, all);
    // Whether the RST overtakes the hand-over of the connection is the kernel's affair; what it means is the same.
    expect(observation).toMatchObject({ passed: false, outcome: 'reset', evidence: 'interfered' });
  });

  it.each([
    [10, 'unexpected_message'],
    [20, 'bad_record_mac'],
    [22, 'record_overflow'],
    [42, 'bad_certificate'],
    [46, 'certificate_unknown'],
    [47, 'illegal_parameter'],
    [48, 'unknown_ca'],
    [49, 'access_denied'],
    [50, 'decode_error'],
    [51, 'decrypt_error'],
    [71, 'insufficient_security'],
    [86, 'inappropriate_fallback'],
    [90, 'user_canceled'],
    [109, 'missing_extension'],
    [110, 'unsupported_extension'],
    [115, 'unknown_psk_identity'],
  ])('alert %i is called %s', async (number, reason) => {
    const peer = await keep(afterHello((socket) => socket.end(alertBytes(number))));
    const { observation } = await climb(peer, all);
    expect(observation).toMatchObject({ stage: 'tls', outcome: 'tls_alert', reason });
  });
});

describe('what a try keeps', () => {
  it('of a passing handshake: all timings, the certificate, what TLS agreed on', async () => {
    const peer = await keep(http2Server(all.good));
    const { observation, certificate, tls } = await climb(peer, all);
    expect(observation).toMatchObject({ passed: true, stage: 'http2', certificate: certificate?.sha256 });
    expect(Object.keys(observation.timings)).toEqual(['dnsMs', 'tcpMs', 'tlsMs', 'http2Ms']);
    expect(observation.timings).toMatchObject({ dnsMs: 1.5 });
    expect(tls).toEqual({ version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', alpn: 'h2' });
    expect(certificate).toMatchObject({
      subject: 'CN=shop.test',
      issuer: 'CN=Parallax test intermediate',
      names: expect.arrayContaining(['shop.test', '127.0.0.1', '0:0:0:0:0:0:0:1']),
      chain: 2,
    });
    expect(certificate?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(certificate?.notAfter ?? '')).toBeGreaterThan(Date.now());
  });

  it.each(['tls', 'http2'] as const)('offers protocols only where one is wanted: %s', async (handshake) => {
    const peer = await keep(tlsServer(all.good, { ALPNProtocols: ['smtp'] }));
    const { observation } = await climb(peer, all, { handshake });
    const refused = { passed: false, outcome: 'tls_alert', reason: 'no_application_protocol' };
    expect(observation).toMatchObject(handshake === 'tls' ? { passed: true, stage: 'tls' } : refused);
  });

  it('of an invalid certificate: the certificate', async () => {
    const peer = await keep(http2Server(all.expired));
    const { observation, certificate, tls } = await climb(peer, all);
    expect(observation).toMatchObject({ errno: 'CERT_HAS_EXPIRED', certificate: certificate?.sha256 });
    expect(Date.parse(certificate?.notAfter ?? '')).toBeLessThan(Date.now());
    expect(tls?.version).toBe('TLSv1.3');
    expect(Object.keys(observation.timings)).toEqual(['dnsMs', 'tcpMs']);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'of a server that wants ours, %s: its certificate',
    async (version) => {
      const options = {
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: version,
        maxVersion: version,
      };
      const peer = await keep(tlsServer(all.good, options));
      const { observation, certificate, tls } = await climb(peer, all, { handshake: 'tls' });
      expect(observation.passed).toBe(false);
      expect(certificate?.subject).toBe('CN=shop.test');
      expect(tls).toMatchObject({ version, cipher: expect.stringMatching(/^TLS_/) });
      expect(observation.timings).not.toHaveProperty('tlsMs');
    },
  );

  it.each(['FIN', 'RST', 'silence'] as const)(
    'of a handshake cut after the certificate by %s: both',
    async (cut) => {
      const options = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ALPNProtocols: ['h2'] } as const;
      const behind = await keep(tlsServer(all.good, options));
      const relayed = (socket: Socket): void => {
        const there = connect(behind.port, behind.address);
        there.on('error', () => there.destroy());
        socket.pipe(there);
        // The first flight of a TLS 1.2 server is a few bytes longer than that.
        there.once('data', (chunk: Buffer) =>
          socket.write(chunk.subarray(0, 900), () => {
            if (cut === 'FIN') socket.end();
            if (cut === 'RST') setTimeout(() => socket.resetAndDestroy(), 50);
          }),
        );
      };
      const peer = await keep(tcpServer(relayed));
      const { observation, certificate, tls } = await climb(
        peer,
        all,
        { handshake: 'http2' },
        { limits: { tlsMs: 500 } },
      );
      const outcome = { FIN: 'closed', RST: 'reset', silence: 'timeout' }[cut];
      expect(observation).toMatchObject({ stage: 'tls', outcome, bytesReceived: 900 });
      expect(certificate).toMatchObject({ subject: 'CN=shop.test', chain: 2 });
      expect(tls).toEqual({ version: 'TLSv1.2', cipher: null, alpn: 'h2' });
    },
  );

  it('of a failing HTTP/2 stage: the timings of the stages before', async () => {
    const peer = await keep(tlsServer(all.good));
    const { observation } = await climb(peer, all);
    expect(Object.keys(observation.timings)).toEqual(['dnsMs', 'tcpMs', 'tlsMs']);
  });
});

describe('names', () => {
  it.each([
    ['shop.test', undefined, 'shop.test', true],
    ['xn--bcher-kva.test', undefined, 'xn--bcher-kva.test', true],
    ['127.0.0.1', undefined, false, true],
    ['127.0.0.1', 'api.shop.test', 'api.shop.test', true],
    ['wrong.test', undefined, 'wrong.test', false],
    ['shop.test', 'wrong.test', 'wrong.test', false],
  ])('host %s with server name %s sends SNI %s', async (host, serverName, sni, passed) => {
    let seen: string | false | null | undefined;
    const peer = await keep(
      tlsServer(all.good, {}, (socket) => {
        seen = (socket as unknown as { servername: string | false }).servername;
        socket.resume();
      }),
    );
    const { observation } = await climb(peer, all, { host, serverName, handshake: 'tls' });
    expect(observation.passed).toBe(passed);
    if (passed) expect(seen).toBe(sni);
  });
});

describe('limits', () => {
  it('ends the whole climb at its deadline', async () => {
    const peer = await keep(tcpServer());
    const { observation } = await climb(peer, all, {}, { deadlineMs: 150 });
    expect(observation).toMatchObject({ stage: 'tls', outcome: 'timeout' });
  });

  it('never dials a forbidden address', async () => {
    const peer = await keep(tcpServer());
    const { observation } = await climb(peer, all, { handshake: 'tcp' }, { allowPrivateAddresses: false });
    expect(observation).toMatchObject({
      stage: 'tcp',
      outcome: 'address_forbidden',
      evidence: 'inconclusive',
    });
    // A later handshake would be counted after an earlier one.
    await climb(peer, all, { handshake: 'tcp' });
    await expect.poll(() => peer.connections()).toBe(1);
  });
});
