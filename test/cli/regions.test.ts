import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { type RegionShown, regionsTable } from '../../lib/cli/regions.ts';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

const heard: RegionShown = {
  region: 'eu-west-1',
  notedAt: '2026-01-02T03:03:55.000Z',
  health: { healthy: true, since: '2026-01-02T00:00:00.000Z' },
  controls: { passed: 3, tried: 4 },
  sourceAddresses: ['3.250.1.2', '3.250.1.3', '3.250.1.4', '3.250.1.5'].map((address) => ({ address })),
  tcpClock: 'kernel',
  clockCheck: { trouble: null, kernelMs: 0.0064, loopMs: 0.312 },
};
const never: RegionShown = {
  region: 'us-east-1',
  notedAt: null,
  health: null,
  controls: null,
  sourceAddresses: [],
  tcpClock: null,
  clockCheck: null,
};

const rowOf = (region: RegionShown): string =>
  stripVTControlCharacters(regionsTable([region], NOW, 200))
    .split('\n')
    .slice(3, -1)
    .join('\n');

test('a region says when it was heard, its health, its addresses, and what times its connects', () => {
  expect(rowOf(heard)).toMatch(
    /eu-west-1 +│ 10 s ago +│ healthy +│ 3 of 4 +│ 3\.250\.1\.2 +│ kernel 0\.006 \(loop 0\.31\) /,
  );
  expect(rowOf(heard)).toContain('and 1 more');
  const sick = { healthy: false, since: '2026-01-02T03:00:00.000Z' };
  expect(rowOf({ ...heard, health: sick })).toContain('unhealthy since 2026-01-02T03:00:00.000Z');
});

test.each([
  [{ trouble: 'koffi_missing', kernelMs: null, loopMs: 0.312 }, 'loop 0.31: koffi is missing'],
  [{ trouble: 'kernel_refuses', kernelMs: null, loopMs: null }, 'loop: TCP_INFO is refused'],
  [null, 'loop '],
] as const)('the event loop’s clock says why: %o', (clockCheck, cell) => {
  expect(rowOf({ ...heard, tcpClock: 'loop', clockCheck })).toContain(`│ ${cell}`);
});

test('a region that was never heard', () => {
  expect(rowOf(never)).toMatch(/us-east-1 +│ never +│ – +│ – +│ – +│ – /);
});
