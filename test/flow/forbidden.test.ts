import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { statusOf } from '../../lib/incident/judge.ts';
import { type DnsServer, dnsServer } from '../support/dns-server.ts';
import { REGIONS, storyTeller } from '../support/flow-story.ts';
import { tcpServer } from '../support/servers.ts';

describe('an endpoint whose name leads to a private address only', () => {
  const { story } = storyTeller();
  let dns: DnsServer;
  beforeAll(async () => {
    dns = await dnsServer({ 'inside.test': { a: ['127.0.6.1'] } });
  });
  afterAll(() => dns.close());

  it('shows it after its first round, says why when nobody watches it, and is never dialled', async () => {
    const inside = await tcpServer(undefined, '127.0.6.1');
    const closed = () => ({ resolver: dns.resolver, allowPrivateAddresses: false });
    const one = story(
      { host: 'inside.test', port: inside.port },
      { formats: ['json', 'email'], environment: closed },
    );
    await one.begin();
    const rounds = await Promise.all(
      REGIONS.map(async (region) => [region, await one.rounds(region)] as const),
    );
    const status = statusOf({
      endpoint: one.endpoint,
      tag: tagOf(one.endpoint),
      deployedRegions: REGIONS,
      state: (await one.state()) ?? null,
      observations: new Map(
        rounds.map(([region, all]) => [region, all.flatMap((round) => round.observations)]),
      ),
      now: one.world.nowMs,
    });
    expect(status.verdict).toMatchObject({ rule: 'not_watched', kind: null });
    const shown = { outcome: 'address_forbidden', evidence: 'inconclusive', address: '127.0.6.1' };
    expect(status.regions).toMatchObject(REGIONS.map((region) => ({ region, state: 'unknown', ...shown })));

    expect(await one.passUntilTold('trigger', 900)).toBe(true);
    const [alert] = one.alerts();
    expect(alert).toMatchObject({ kind: 'not_watched', rule: 'not_watched', severity: 'P3' });
    expect(alert.regions).toMatchObject(REGIONS.map((region) => ({ region, ...shown })));
    expect(alert.checklist[0]).toBe(
      'A public address expected? dig +short inside.test (private ones are never dialled)',
    );
    const mail = one.world.told.find(({ format }) => format === 'email')?.body;
    expect(mail).toContain('leads to 127.0.6.1, private or reserved and so never dialled');
    expect(mail).not.toContain('the trouble is with the probers');
    expect(one.events()).toEqual(['trigger']);
    expect(inside.connections()).toBe(0);
    await inside.close();
  });
});
