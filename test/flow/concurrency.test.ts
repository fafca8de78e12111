import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openStates } from '../../lib/store/state.ts';
import { openHarbour } from '../support/fleet/harbour.ts';

beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(console, level).mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

it('where few functions may run at a time, an outage of everything is told late, and nothing is lost', async () => {
  // One message of a round, eight of a retry in each region, and one function to take them.
  const cohorts = Array.from({ length: 8 }, () => 1);
  const concurrency = { probe: 1, judge: 1 };
  const harbour = await openHarbour({ regions: 2, handshake: 'tcp', cohorts, failing: 8, concurrency });
  const { fleet, meter, stack } = harbour;
  try {
    const last = new Map<string, string>();
    meter.published = (topicArn, body) => {
      const { event, dedupKey, kind } = JSON.parse(topicArn.endsWith('json') ? body : '{}');
      if (kind === 'down') last.set(dedupKey, event);
    };
    await harbour.shut();
    await fleet.pass(6);
    expect(await openStates(stack.table)).toHaveLength(cohorts.length);
    expect([...new Set(last.values())].every((event) => event !== 'resolve')).toBe(true);
    await harbour.open();
    await fleet.pass(10);
    expect(await openStates(stack.table)).toEqual([]);
    expect(last.size).toBeGreaterThan(0);
    expect([...new Set(last.values())]).toEqual(['resolve']);
    // It was scarce: what fell due had to wait, longer than a try takes.
    expect(fleet.longestWaitMs).toBeGreaterThan(10_000);
  } finally {
    await harbour.close();
  }
}, 240_000);
