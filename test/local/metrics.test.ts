import parse from 'parse-prometheus-text-format';
import { expect, test } from 'vitest';
import { Metrics, type Status, type StatusPage } from '../../lib/local/metrics.ts';
import { NO_REPORT } from '../support/transitions.ts';

type Watched = StatusPage['items'][number];
type Report = Watched['regions'][number];

const AT = '2026-11-21T03:12:05.000Z';
const nothing: Report = {
  region: 'sa-east-1',
  state: 'unknown',
  since: null,
  at: null,
  ...NO_REPORT,
  tainted: [],
};
const passing: Report = {
  ...nothing,
  region: 'eu-central-1',
  state: 'passing',
  at: AT,
  evidence: 'listening',
  stage: 'http2',
  outcome: 'ok',
  address: '203.0.113.7',
  tls: { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn: 'h2' },
  certificate: 'abcd1234',
  tries: 1,
  tcpClock: 'kernel',
  timings: { dnsMs: 1.5, tcpMs: 20, tlsMs: 22, http2Ms: 21 },
};
const blocked: Report = {
  ...nothing,
  region: 'eu-west-1',
  state: 'failing',
  at: AT,
  evidence: 'filtered',
  stage: 'tcp',
  outcome: 'timeout',
  address: '2001:db8::7',
  tries: 3,
  tcpClock: 'kernel',
  synRetransmits: 2,
  timings: { dnsMs: 2 },
};
const spoiled: Report = { ...passing, region: 'us-east-1', tainted: ['tls'], synRetransmits: 1 };
const sick: Report = { ...blocked, region: 'us-west-2', state: 'passing', evidence: 'inconclusive' };

const watched = (id: string, regions: readonly Report[]): Watched => ({
  endpoint: { id, name: 'a "shop"\n', host: '2001:db8::7', port: 443, handshake: 'http2', tags: [] },
  verdict: { rule: 'blocked_from_some', kind: 'partial', severity: 'P2', since: AT, settlesAt: null },
  regions: [...regions],
  mute: null,
  quiet: null,
});
const pages: Readonly<Record<string, StatusPage>> = {
  first: { items: [watched('shop', [passing, blocked, spoiled, sick, nothing])], next: 'second' },
  second: { items: [watched('other', [passing])], next: null },
};
let asked = 0;
const metrics = new Metrics({
  statusPage: async (next) => pages[next ?? 'first'] ?? { items: [], next: null },
  status: async () => {
    asked += 1;
    const certificate = { sha256: 'abcd1234ffff', notAfter: '2027-01-01T00:00:00.000Z' };
    return { certificates: [certificate] } as Status;
  },
});

async function read(): Promise<
  (name: string, labels: Readonly<Record<string, string>>) => string | undefined
> {
  const families = parse(await metrics.text());
  return (name, labels) =>
    families
      .find((family) => family.name === name)
      ?.metrics.find((one) => Object.entries(labels).every(([label, value]) => one.labels?.[label] === value))
      ?.value;
}

test('what regions say is in the names and units of blackbox_exporter', async () => {
  const shown = await read();
  const here = { endpoint: 'shop', instance: '[2001:db8::7]:443', region: 'eu-central-1' };
  expect(shown('probe_success', here)).toBe('1');
  expect(shown('probe_success', { ...here, region: 'eu-west-1' })).toBe('0');
  expect(shown('probe_success', { endpoint: 'other', region: 'eu-central-1' }), 'every page').toBe('1');
  expect(shown('probe_dns_lookup_time_seconds', here)).toBe('0.0015');
  expect(shown('probe_http_duration_seconds', { ...here, phase: 'connect' })).toBe('0.02');
  expect(Number(shown('probe_duration_seconds', here))).toBeCloseTo(0.0645);
  expect(shown('probe_ip_protocol', { region: 'eu-west-1' })).toBe('6');
  expect(shown('probe_tls_version_info', { ...here, version: 'TLSv1.3' })).toBe('1');
  expect(shown('probe_ssl_earliest_cert_expiry', here)).toBe(String(Date.UTC(2027, 0, 1) / 1000));
  expect(
    shown('parallax_verdict_info', { endpoint: 'shop', rule: 'blocked_from_some', severity: 'P2' }),
  ).toBe('1');
  expect(shown('parallax_region_state', { region: 'sa-east-1', state: 'unknown' })).toBe('1');
});

test('what nothing is known of has no value, and what is not the network’s no time', async () => {
  const shown = await read();
  expect(shown('probe_success', { region: 'sa-east-1' })).toBeUndefined();
  expect(shown('probe_success', { region: 'us-west-2' })).toBeUndefined();
  const phase = (name: string) => shown('probe_http_duration_seconds', { region: 'us-east-1', phase: name });
  expect([phase('resolve'), phase('connect'), phase('tls'), phase('http2')]).toEqual([
    '0.0015',
    undefined,
    undefined,
    '0.021',
  ]);
  expect(shown('probe_duration_seconds', { region: 'us-east-1' })).toBeUndefined();
});

test('a certificate is asked for once', async () => {
  await metrics.text();
  expect(asked).toBe(1);
});
