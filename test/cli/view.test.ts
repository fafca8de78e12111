import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { page } from '../../lib/cli/output-live.ts';
import type { EndpointStatus, RegionStatus } from '../../lib/cli/status-shape.ts';
import { milliseconds, statusTable } from '../../lib/cli/view.ts';

type Measured = Pick<RegionStatus, 'conclusiveAt' | 'evidence' | 'tcpClock' | 'tainted' | 'synRetransmits'>;
const kernel: Measured = {
  conclusiveAt: null,
  evidence: null,
  tcpClock: 'kernel',
  tainted: [],
  synRetransmits: 0,
};
const none: Measured = { ...kernel, tcpClock: null };

const shop: EndpointStatus = {
  endpoint: { id: 'shop', name: 'Shop', host: 'shop.example.com', port: 443, handshake: 'http2' },
  verdict: { rule: 'blocked_from_some', severity: 'P2', settlesAt: null },
  regions: [
    {
      region: 'eu-west-1',
      state: 'passing',
      stage: 'http2',
      outcome: 'ok',
      reason: null,
      ...kernel,
      timings: { dnsMs: 1.2, tcpMs: 23.1, tlsMs: 25.04, http2Ms: 4.44 },
    },
    {
      ...kernel,
      region: 'us-east-1',
      state: 'failing',
      stage: 'tcp',
      outcome: 'timeout',
      reason: null,
      timings: {},
    },
    { ...none, region: 'sa-east-1', state: 'unknown', stage: null, outcome: null, reason: null, timings: {} },
  ],
};
const plain = (text: string): string => stripVTControlCharacters(text);

test('three figures are shown of a time', () => {
  expect([0.0123, 0.994, 1.23, 9.94, 12.4, 140.2].map(milliseconds)).toEqual([
    '0.01',
    '0.99',
    '1.2',
    '9.9',
    '12',
    '140',
  ]);
});

test('the table has endpoints down and regions across, with timings or what fails', () => {
  const table = plain(statusTable([shop], 140));
  expect(table).toMatch(/endpoint +│ eu-west-1 +│ us-east-1 +│ sa-east-1 +│ verdict/);
  expect(table).toMatch(/shop +│ ● 23 25 4\.4 +│ ✖ tcp timeout +│ · no data yet +│ P2 blocked from some/);
  expect(table).toContain('shop.example.com:443 http2');
});

test('times that may not be the network’s are marked, and only then are the marks explained', () => {
  const shown = (changes: object): string => {
    const regions = shop.regions.map((report, n) => (n === 0 ? { ...report, ...changes } : report));
    return plain(statusTable([{ ...shop, regions }], 140));
  };
  expect(shown({})).not.toMatch(/~|↻/);
  expect(shown({ tcpClock: 'loop' })).toMatch(/● ~23 25 4\.4 /);
  expect(shown({ tainted: ['tls', 'http2'] })).toMatch(/● 23 ~25 ~4\.4 /);
  expect(shown({ tcpClock: 'loop', synRetransmits: 1, timings: { tcpMs: 1012 } })).toMatch(/● 1012↻1 /);
  expect(shown({ tcpClock: 'loop' })).toMatch(/~ may be the prober's own time {2}↻ SYNs sent again$/);
});

test.each([60, 80, 140])('nothing is wider than %i columns', (columns) => {
  const screen = page({
    columns,
    rows: 24,
    api: 'http://127.0.0.1:7400',
    doing: null,
    demo: 'x'.repeat(300),
    statuses: [shop],
    alerts: [],
    notes: [],
  });
  for (const line of plain(screen).split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
});

test('nothing is taller than the terminal, and the newest alert is the one shown in full', () => {
  const alert = (subject: string) =>
    ({
      event: 'alert',
      at: '2026-01-02T03:04:05.678Z',
      topic: 'email',
      subject,
      alert: { text: 'first line\nsecond\n' },
    }) as const;
  const screen = page({
    columns: 100,
    rows: 16,
    api: 'http://127.0.0.1:7400',
    doing: null,
    demo: null,
    statuses: [shop],
    alerts: [alert('[P2] old'), alert('[RESOLVED] new')],
    notes: Array.from({ length: 30 }, (_, index) => `note ${index}`),
  });
  expect(plain(screen).split('\n').length).toBeLessThan(16);
  const wide = plain(
    page({
      columns: 100,
      rows: 40,
      api: 'http://127.0.0.1:7400',
      doing: null,
      demo: null,
      statuses: [shop],
      alerts: [alert('[P2] old'), alert('[RESOLVED] new')],
      notes: [],
    }),
  );
  expect(wide).toContain('03:04:05 [RESOLVED] new\n  first line\n  second\n03:04:05 [P2] old');
});

test('a region that was cut off says when it last passed, and why nothing since counts', () => {
  const [first] = shop.regions;
  const cut = {
    ...first,
    conclusiveAt: '2026-11-20T03:12:05.000Z',
    evidence: 'inconclusive',
    stage: 'tcp',
    outcome: 'timeout',
    reason: 'region_unhealthy',
  } as RegionStatus;
  const table = plain(statusTable([{ ...shop, regions: [cut] }], 140));
  expect(table).toMatch(/● passing at 03:12:05Z/);
  expect(table).toMatch(/inconclusive since: region_unhealthy/);
});

test('a flapping endpoint says by when it settles, and that it is over then when nothing fails', () => {
  const verdict = { ...shop.verdict, settlesAt: '2026-11-20T03:22:05.000Z' };
  expect(plain(statusTable([{ ...shop, verdict }], 140))).toMatch(/flapping, settles at 03:22:05Z/);
  const regions = shop.regions.slice(0, 1);
  expect(plain(statusTable([{ ...shop, verdict, regions }], 140))).toMatch(
    /flapping, over at 03:22:05Z if this holds/,
  );
});
