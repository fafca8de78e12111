import { describe, expect, it } from 'vitest';
import type { Api } from '../../lib/api/api.ts';
import { markDeleted, replace } from '../../lib/api/change.ts';
import { nudge } from '../../lib/api/tell.ts';
import type { EndpointSettings } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import { getMute, putMute, removeMute } from '../../lib/store/mute.ts';
import { type Story, storyTeller } from '../support/flow-story.ts';
import { Shop } from '../support/shop.ts';

const apiOf = ({ environment, table, world }: Story): Api => ({
  environment,
  table,
  queues: world.queues,
  topics: world.topics,
  now: Date.now,
});

async function change(story: Story, changes: Partial<EndpointSettings>): Promise<void> {
  const old = await story.stored();
  if (!old) throw new Error('no such endpoint');
  const { id, cohort, createdAt, updatedAt, watchedSince, revision, deletedAt, ...settings } = old;
  expect(await replace(apiOf(story), old, { ...settings, ...changes })).not.toBeNull();
}

describe('while an incident is open', () => {
  const { shop, story } = storyTeller();

  const opened = async (changes: Parameters<typeof story>[0] = {}) => {
    const one = story(changes);
    await one.begin();
    await shop.close();
    expect(await one.passUntilTold('trigger', 120)).toBe(true);
    return one;
  };

  it('DELETE resolves it and leaves nothing of the endpoint', async () => {
    const one = await opened();
    await putMute(one.table, one.endpoint.id, {
      until: new Date(one.world.nowMs + 60_000).toISOString(),
      note: null,
      at: new Date(one.world.nowMs).toISOString(),
    });
    const old = await one.stored();
    if (!old) throw new Error('no such endpoint');
    await markDeleted(apiOf(one), old);
    await one.world.pass(5);
    expect(one.alerts().map(({ event, end }) => [event, end ?? null])).toEqual([
      ['trigger', null],
      ['resolve', 'no_longer_watched'],
    ]);
    expect(await one.stored()).toBeNull();
    expect(await one.state()).toBeUndefined();
    expect(await getMute(one.table, one.endpoint.id)).toBeNull();
    const cohort = await one.cohort();
    expect(cohort?.members.size).toBe(0);
    expect(cohort?.attention.size).toBe(0);
    const at = one.world.nowMs;
    await one.world.pass(400);
    expect(one.events()).toEqual(['trigger', 'resolve']);
    expect(one.delivered('probe', at + 120_000)).toEqual([]);
    expect(one.world.failures).toEqual([]);
    expect((await one.history())[0]).toMatchObject({ end: 'no_longer_watched' });
  });

  it('DELETE removes nothing before the resolve is told', async () => {
    const one = await opened();
    one.world.fault = ({ name }) => (name === 'publish' ? new Error('SNS does not answer') : null);
    const old = await one.stored();
    if (!old) throw new Error('no such endpoint');
    await markDeleted(apiOf(one), old);
    await one.world.pass(300);
    expect(await one.stored()).not.toBeNull();
    expect(await one.state()).toBeDefined();
    one.world.fault = () => null;
    expect(await one.passUntilTold('resolve', 400)).toBe(true);
    await one.world.pass(10);
    expect(await one.stored()).toBeNull();
    expect((await one.cohort())?.members.size).toBe(0);
    expect(one.events()).toEqual(['trigger', 'resolve']);
  });

  it('disabling resolves it and keeps the endpoint, which begins anew when it is enabled', async () => {
    const one = await opened();
    await change(one, { enabled: false });
    await one.world.pass(5);
    expect(one.alerts().map(({ event, end }) => [event, end ?? null])).toEqual([
      ['trigger', null],
      ['resolve', 'no_longer_watched'],
    ]);
    expect((await one.cohort())?.attention.size).toBe(0);
    await one.world.pass(300);
    expect(await one.stored()).toMatchObject({ enabled: false });
    expect((await one.cohort())?.members.has(tagOf(one.endpoint))).toBe(true);
    expect(one.events()).toHaveLength(2);
    await shop.open();
    await change(one, { enabled: true });
    await one.world.pass(200);
    await shop.close();
    expect(await one.world.passUntil(async () => one.events().length === 3, 120)).toBe(true);
    const keys = one.alerts().map(({ dedupKey }) => dedupKey);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('another host ends it as changed and is judged on its own', async () => {
    const other = new Shop('127.0.0.2');
    other.port = shop.port;
    await other.open();
    const one = await opened();
    await change(one, { host: other.address });
    await one.world.pass(300);
    expect(one.alerts().map(({ event, end }) => [event, end ?? null])).toEqual([
      ['trigger', null],
      ['resolve', 'changed'],
    ]);
    expect((await one.cohort())?.attention.size).toBe(0);
    const states = Object.values((await one.state())?.regions ?? {});
    expect(states.map(({ state }) => state)).toEqual(['passing', 'passing', 'passing']);
    await other.close();
  });
});

describe('while an endpoint is muted', () => {
  const { shop, story } = storyTeller();

  const muted = async (seconds: number) => {
    const one = story();
    await one.begin();
    const until = one.world.nowMs + seconds * 1000;
    await putMute(one.table, one.endpoint.id, {
      until: new Date(until).toISOString(),
      note: null,
      at: new Date(one.world.nowMs).toISOString(),
    });
    await shop.close();
    return { one, until };
  };

  it('nothing is told; what is still wrong is told when the mute runs out', async () => {
    const { one, until } = await muted(600);
    await one.world.pass(599);
    expect(one.events()).toEqual([]);
    expect((await one.state())?.incident).toMatchObject({ kind: 'down', toldAt: null });
    expect(await one.passUntilTold('trigger', 360)).toBe(true);
    expect(one.alerts()[0]?.atMs).toBeGreaterThanOrEqual(until);
    await one.world.pass(400);
    expect(one.events()).toEqual(['trigger']);
  });

  it('nothing is told; what is still wrong is told at once when it is unmuted', async () => {
    const { one } = await muted(3600);
    await one.world.pass(200);
    expect(one.events()).toEqual([]);
    await removeMute(one.table, one.endpoint.id);
    await nudge(apiOf(one), [one.endpoint.cohort]);
    await one.world.pass(1);
    expect(one.events()).toEqual(['trigger']);
  });

  it('an outage that is over by then is kept untold', async () => {
    const { one } = await muted(600);
    await one.world.pass(180);
    await shop.open();
    await one.world.pass(800);
    expect(one.events()).toEqual([]);
    expect(await one.history()).toMatchObject([{ toldAt: null, end: 'recovered' }]);
  });
});
