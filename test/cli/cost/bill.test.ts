import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billOf } from '../../../lib/cli/cost/bill.ts';
import { MEMORY_MB } from '../../../lib/cli/cost/duration.ts';
import { cohortsOf, type Plan } from '../../../lib/cli/cost/plan.ts';
import { ALLOWANCES, PRICED_REGIONS, priceOf } from '../../../lib/cli/cost/prices.ts';
import { billTable, dollars } from '../../../lib/cli/cost/table.ts';
import { INTERVALS } from '../../../lib/endpoint/endpoint.ts';
import { HANDSHAKES } from '../../../lib/outcome/outcome.ts';
import { SIZES } from '../../../lib/stacks/function.ts';
import { expectGolden } from '../../support/golden.ts';

const SIX = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1', 'ap-southeast-2', 'sa-east-1'];

const plan = (changes: Partial<Plan> = {}): Plan => ({
  endpoints: 1000,
  regions: SIX,
  home: 'us-east-1',
  intervalSeconds: 60,
  handshake: 'http2',
  failingPercent: 0,
  ...changes,
});

const plans: fc.Arbitrary<Plan> = fc.record({
  endpoints: fc.integer({ min: 1, max: 3000 }),
  regions: fc.uniqueArray(fc.constantFrom(...PRICED_REGIONS), { minLength: 1, maxLength: 8 }),
  home: fc.constantFrom(...PRICED_REGIONS),
  intervalSeconds: fc.constantFrom(...INTERVALS),
  handshake: fc.constantFrom(...HANDSHAKES),
  failingPercent: fc.double({ min: 0, max: 30, noNaN: true }),
});

describe('the bill', () => {
  it.each([
    { name: '10-http2', of: { endpoints: 10 } },
    { name: '1000-http2', of: {} },
    { name: '1000-tcp', of: { handshake: 'tcp' } },
    { name: '1000-http2-failing', of: { failingPercent: 1 } },
    { name: '1000-tcp-failing', of: { handshake: 'tcp', failingPercent: 1 } },
  ] as const)('of $name × 6 × 60 s is as it was', ({ name, of }) => {
    const table = billTable(billOf(plan(of)));
    expectGolden(new URL(`golden/${name}.txt`, import.meta.url), `${table}\n`);
  });

  it.each([
    { handshake: 'http2', atMost: 0.004 },
    { handshake: 'tcp', atMost: 0.0025 },
  ] as const)(
    'of 1,000 endpoints is at most $$atMost each and region with $handshake, and half as much again where 1 % fail',
    ({ handshake, atMost }) => {
      const well = billOf(plan({ handshake }));
      const failing = billOf(plan({ handshake, failingPercent: 1 }));
      expect(well.perEndpointRegion.watching.listUsd).toBeLessThanOrEqual(atMost);
      expect(failing.failingEndpoints).toBe(10);
      expect(failing.watching.listUsd).toBeLessThanOrEqual(1.5 * well.watching.listUsd);
    },
  );

  it('of 10 endpoints is at most $4.50, and $3 without what is free', () => {
    const { watching } = billOf(plan({ endpoints: 10 }));
    expect(watching.listUsd).toBeLessThanOrEqual(4.5);
    expect(watching.netUsd).toBeLessThanOrEqual(3);
  });

  it('grows with endpoints, with regions and with what fails', () => {
    const property = fc.property(plans, fc.integer({ min: 1, max: 200 }), (one, more) => {
      const { watching, total } = billOf(one);
      const added = PRICED_REGIONS.find((region) => !one.regions.includes(region)) ?? '';
      for (const larger of [
        { ...one, endpoints: one.endpoints + more },
        { ...one, regions: [...one.regions, added] },
        { ...one, failingPercent: one.failingPercent + more / 10 },
      ]) {
        const bill = billOf(larger);
        expect(bill.watching.listUsd).toBeGreaterThanOrEqual(watching.listUsd);
        expect(bill.watching.netUsd).toBeGreaterThanOrEqual(watching.netUsd - 1e-9);
        // A handshake that is filtered sends less than one that goes on.
        if (larger.failingPercent === one.failingPercent)
          expect(bill.total.listUsd).toBeGreaterThanOrEqual(total.listUsd);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('is the sum of its lines, never less than nothing, and says the same as JSON', () => {
    const property = fc.property(plans, (one) => {
      const bill = billOf(one);
      const read = JSON.parse(JSON.stringify(bill)) as typeof bill;
      expect(read).toEqual(bill);
      const table = billTable(read).split('\n');
      for (const { title, listUsd, netUsd } of read.lines) {
        expect(netUsd).toBeGreaterThanOrEqual(0);
        expect(netUsd).toBeLessThanOrEqual(listUsd);
        const row = table.find((line) => line.includes(title)) ?? '';
        expect(row).toContain(dollars(listUsd));
        expect(row).toContain(dollars(netUsd));
      }
      const sum = read.lines.reduce((all, { listUsd }) => all + listUsd, 0);
      expect(read.total.listUsd).toBeCloseTo(sum, 9);
      expect(read.watching.listUsd + read.egress.listUsd).toBeCloseTo(sum, 9);
      expect(read.perEndpointRegion.total.listUsd * one.endpoints * one.regions.length).toBeCloseTo(sum, 6);
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('takes what is free from all regions and lines together', () => {
    const { lines } = billOf(plan());
    const paid = lines.filter(({ item }) => item === 'probe' || item === 'others');
    const seconds = paid.reduce((sum, { quantity }) => sum + quantity, 0);
    const net = paid.reduce((sum, { netUsd }) => sum + netUsd, 0);
    expect(net).toBeCloseTo((seconds - ALLOWANCES.lambdaGbSeconds) * 0.0000133334, 6);
  });

  it('names each region whose price is taken from elsewhere', () => {
    const assumed = (home: string) => billOf(plan({ regions: [home], home })).assumed;
    expect(assumed('us-east-1')).toEqual([]);
    expect(assumed('sa-east-1').flatMap(({ region, prices }) => [region, ...prices])).toEqual(
      expect.arrayContaining(['sa-east-1', 'writeUnit', 'readUnit', 'queueRequest']),
    );
    expect(priceOf('writeUnit', 'eu-west-1')).toMatchObject({ usd: 0.705e-6, assumed: false });
    expect(priceOf('writeUnit', 'sa-east-1')).toMatchObject({ usd: 0.625e-6, assumed: true });
    for (const source of billOf(plan()).sources) expect(source).toMatch(/20\d\d/);
  });

  it('is of functions as large as those that are deployed', () => {
    for (const [name, memoryMb] of Object.entries(MEMORY_MB))
      expect(SIZES[name as keyof typeof MEMORY_MB].memoryMb).toBe(memoryMb);
  });

  it('spreads what fails: about as many as asked for, and the first as soon as any', () => {
    const failing = (endpoints: number, failingPercent: number): number =>
      cohortsOf(plan({ endpoints, failingPercent })).reduce((sum, one) => sum + one.failing, 0);
    expect([failing(1, 0), failing(1, 0.1), failing(1, 100), failing(640, 100)]).toEqual([0, 1, 1, 640]);
    expect(failing(100_000, 1)).toBeGreaterThan(990);
    expect(failing(100_000, 1)).toBeLessThan(1010);
  });
});
