import type { Example } from './examples.ts';

/** When the example's first failing handshake began, and its newest. */
export const SINCE = '2026-11-20T03:12:05.120Z';
export const AT = '2026-11-20T03:12:20.640Z';

export const blocked = {
  region: 'eu-west-1',
  state: 'failing',
  since: SINCE,
  at: AT,
  conclusiveAt: AT,
  evidence: 'filtered',
  stage: 'tcp',
  outcome: 'timeout',
  reason: null,
  errno: null,
  address: '203.0.113.7',
  sourceAddress: '198.51.100.24',
  bytesReceived: 0,
  tls: null,
  certificate: null,
  elsewhere: null,
  tries: 3,
  tcpClock: 'kernel',
  tainted: [],
  synRetransmits: 0,
  timings: { dnsMs: 1.2 },
} satisfies Example<'RegionReport'>;

export const listening = {
  ...blocked,
  region: 'us-east-1',
  state: 'passing',
  since: '2026-11-01T09:00:02.310Z',
  evidence: 'listening',
  stage: 'http2',
  outcome: 'ok',
  sourceAddress: null,
  bytesReceived: null,
  tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn: 'h2' },
  certificate: '5f2c9a01',
  tries: 1,
  timings: { dnsMs: 1.1, tcpMs: 23.1, tlsMs: 25, http2Ms: 23.4 },
} satisfies Example<'RegionReport'>;

export const certificate = {
  sha256: '5f2c9a01d3e4b5a69788c9d0e1f2031425364758697a8b9cadbecfd0e1f20314',
  subject: 'CN=shop.example.com',
  issuer: "C=US, O=Let's Encrypt, CN=R11",
  names: ['shop.example.com'],
  notBefore: '2026-10-01T00:00:00Z',
  notAfter: '2026-12-30T00:00:00Z',
  chain: 2,
} satisfies Example<'Certificate'>;
