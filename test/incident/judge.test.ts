import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../lib/endpoint/endpoint.ts';
import { tagOf } from '../../lib/endpoint/tag.ts';
import {
  dropFinished,
  judge,
  markAsked,
  markCopied,
  markTold,
  nextVersion,
  statusOf,
} from '../../lib/incident/judge.ts';
import type { EndpointState } from '../../lib/incident/state.ts';
import { freshSinceOf } from '../../lib/incident/suspicion.ts';
import type { Observation } from '../../lib/round/observation.ts';
import { type Fate, START, shop, tried } from '../support/tries.ts';

const REGIONS = ['a', 'b', 'c'];
const X = '203.0.113.7';

type Tries = Readonly<Record<string, readonly (readonly [number, Fate])[]>>;

function input(state: EndpointState | null, seconds: number, tries: Tries, endpoint: Endpoint = shop()) {
  const tag = tagOf(endpoint);
  const observations = new Map<string, Observation[]>(
    Object.entries(tries).map(([region, some]) => [
      region,
      some.map(([at, fate]) => tried(fate, { tag, at: START + at * 1000, address: X })),
    ]),
  );
  const now = START + seconds * 1000;
  return { endpoint, tag, deployedRegions: REGIONS, state, observations, now, mutedUntil: null };
}

const healthy: Tries = { a: [[0, 'pass']], b: [[1, 'pass']], c: [[2, 'pass']] };

/** Judged as the deployed judge does: saved, asked, marked. */
function judged(
  state: EndpointState | null,
  seconds: number,
  tries: Tries,
  endpoint?: Endpoint,
): EndpointState {
  const given = input(state, seconds, tries, endpoint);
  const { state: next, orders } = judge(given);
  return nextVersion(orders ? markAsked(next, given.now) : next);
}

const quiet = judged(null, 3, healthy);
const suspicious = judged(quiet, 61, { b: [[60, 'refused']] });
const partial = judged(
  suspicious,
  66,
  { a: [[62, 'pass']], b: [[65.1, 'refused']], c: [[62, 'pass']] },
  shop({ alertAfterSeconds: 0 }),
);

describe('the wave', () => {
  test('asks all other regions for the same address, once the first try fails', () => {
    const { orders, changed, attention } = judge(input(quiet, 61, { b: [[60, 'refused']] }));
    expect(orders).toMatchObject({ suspicion: { due: START / 1000 + 60, address: X }, regions: ['a', 'c'] });
    expect(changed).toBe(true);
    expect([...attention]).toEqual([]);
  });

  test('is ordered again, the same, until it is marked', () => {
    const given = input(quiet, 61, { b: [[60, 'refused']] });
    const once = judge(given);
    const again = judge({ ...given, state: once.state, now: given.now + 500 });
    expect(again.orders).toEqual(once.orders);
    expect(again.changed).toBe(false);
    expect(judge({ ...given, state: markAsked(once.state, given.now) }).orders).toBeNull();
  });

  test('is caused neither by a failing answer nor by a retry', () => {
    const state = judged(suspicious, 64, { a: [[62, 'refused']] });
    expect(judge(input(state, 70, { b: [[65.1, 'refused']], c: [[66, 'refused']] })).orders).toBeNull();
  });

  test('comes at most every 30 s, and then comes', () => {
    const calm = judged(suspicious, 66, { b: [[65, 'pass']] });
    expect(calm.suspicion).toBeNull();
    const tries: Tries = { c: [[80, 'refused']] };
    const held = judge(input(calm, 81, tries));
    expect(held.orders).toBeNull();
    expect(held.state.suspicion?.askedAt).toBeNull();
    expect(judge(input(held.state, 91.1, tries)).orders?.regions).toEqual(['a', 'b']);
  });

  test('is asked for anew by a run that began after the answers: they say nothing of it', () => {
    const answered = judged(suspicious, 64, { a: [[62, 'pass']], c: [[62, 'pass']] });
    const late = judge(input(answered, 141, { c: [[140, 'filtered']] }));
    expect(late.state.suspicion).toMatchObject({
      startedAt: START + 140_000,
      heardAt: null,
      comparison: null,
    });
    expect(late.state.suspicion?.id).not.toBe(suspicious.suspicion?.id);
    expect(late.orders?.regions).toEqual(['a', 'b']);
  });

  test('one more asks those still failing, when the first recovers', () => {
    const down = [65.1, 70, 75].reduce<EndpointState>(
      (state, at) =>
        judged(state, at + 1, Object.fromEntries(REGIONS.map((region) => [region, [[at, 'refused']]]))),
      suspicious,
    );
    expect(down.incident?.kind).toBe('down');
    const { orders, state } = judge(input(down, 121, { a: [[120, 'pass']] }));
    expect(orders).toMatchObject({ suspicion: { due: START / 1000 + 120, address: X }, regions: ['b', 'c'] });
    expect(markAsked(state, START + 121_000).incident?.recall?.askedAt).toBe(START + 121_000);
    expect(judge(input(markAsked(state, START + 121_000), 122, {})).orders).toBeNull();
  });
});

test('a suspicion that is heard of late makes no older pass fresh again', () => {
  const late = { id: 'late', startedAt: START, address: X, askedAt: START, heardAt: null, comparison: null };
  expect(freshSinceOf({ ...partial, suspicion: late })).toBe(partial.incident?.freshSince);
});

describe('what must be saved', () => {
  test('not the newest times, until they are an hour old', () => {
    expect(judge(input(quiet, 63, { a: [[60, 'pass']] })).changed).toBe(false);
    expect(judge(input(quiet, 3601, { a: [[3600, 'pass']] })).changed).toBe(true);
  });

  test('a failing address that is another', () => {
    const tries = { b: [tried('refused', { tag: quiet.tag, at: START + 186_000, address: '203.0.113.9' })] };
    const given = { ...input(partial, 187, {}), observations: new Map(Object.entries(tries)) };
    expect(judge(given).changed).toBe(true);
  });

  test('nothing of an endpoint that was never judged and is not watched', () => {
    const given = input(null, 0, {}, shop({ enabled: false }));
    expect(judge(given)).toMatchObject({ changed: false, orders: null });
  });
});

describe('attention', () => {
  test('holds what fails and what recovers', () => {
    expect([...judge(input(partial, 67, {})).attention]).toEqual(['b']);
    expect([...judge(input(partial, 76, { b: [[75, 'pass']] })).attention]).toEqual(['b']);
    const both: Tries = {
      b: [
        [75, 'pass'],
        [80, 'pass'],
      ],
    };
    expect([...judge(input(partial, 81, both)).attention]).toEqual([]);
  });
});

describe('marking', () => {
  const [outgoing] = partial.outbox;
  const transition = outgoing?.transition ?? { dedupKey: '', sequence: 0 };

  test('a transition tells the server name the endpoint was tried with, null when there is none', () => {
    const named = shop({ alertAfterSeconds: 0, serverName: 'sni.example' });
    const tries: Tries = { a: [[62, 'pass']], b: [[65.1, 'refused']], c: [[62, 'pass']] };
    expect(judged(suspicious, 66, tries, named).outbox[0]?.transition.endpoint.serverName).toBe(
      'sni.example',
    );
    expect(outgoing?.transition.endpoint.serverName).toBeNull();
  });

  test('a transition leaves the outbox when every format has been told', () => {
    expect(outgoing?.transition).toMatchObject({ event: 'trigger', kind: 'partial', sequence: 1 });
    const once = markTold(markTold(partial, transition, 'json'), transition, 'json');
    expect(once.outbox[0]?.told).toEqual(['json']);
    expect(dropFinished(once, ['json', 'email'])).toBe(once);
    expect(dropFinished(markTold(once, transition, 'email'), ['json', 'email']).outbox).toEqual([]);
    expect(once.version).toBe(partial.version);
  });

  test('a copy leaves once it is written', () => {
    expect(markCopied(partial, [transition.dedupKey]).uncopied).toEqual([]);
    expect(markCopied(partial, ['another'])).toBe(partial);
  });
});

describe('another endpoint under the same id', () => {
  test('begins anew, keeping what has yet to be told', () => {
    const endpoint = shop({ port: 8443, watchedSince: new Date(START + 70_000).toISOString() });
    const { state, changed } = judge(input(partial, 71, {}, endpoint));
    expect(changed).toBe(true);
    expect(state).toMatchObject({ regions: {}, provenAt: null, incident: null, tag: tagOf(endpoint) });
    expect(state.outbox.map((one) => one.transition.event)).toEqual(['trigger', 'resolve']);
    expect(state.outbox[1]?.transition).toMatchObject({ end: 'changed', failingRegions: ['b'] });
    expect(state.uncopied.map(({ end }) => end)).toEqual(['changed']);
  });

  test('observations from before it was watched say nothing of it', () => {
    const endpoint = shop({ watchedSince: new Date(START + 100_000).toISOString() });
    const { state } = judge(input(partial, 101, { b: [[95, 'refused']], a: [[96, 'pass']] }, endpoint));
    expect(state).toMatchObject({ regions: {}, provenAt: null });
  });

  test('a region that the deployment no longer has keeps nothing open', () => {
    const given = { ...input(partial, 120, { a: [[110, 'pass']] }), deployedRegions: ['a', 'c'] };
    const { state } = judge(given);
    expect(state.incident).toBeNull();
    expect(state.outbox.at(-1)?.transition).toMatchObject({ event: 'resolve', end: 'recovered' });
  });
});

describe('status', () => {
  test('tells of an open incident by its rule, with the regions as they are', () => {
    const { mutedUntil: _, ...given } = input(partial, 76, { b: [[75, 'pass']] });
    const { verdict, regions, incident } = statusOf(given);
    expect(verdict).toMatchObject({ rule: 'refused_from_some', kind: 'partial', since: START + 60_000 });
    expect(regions.map(({ region, state }) => `${region} ${state}`)).toEqual([
      'a passing',
      'b recovering',
      'c passing',
    ]);
    expect(incident?.id).toBe(partial.incident?.id);
  });

  test('says nothing while regions are waited for, and tells nothing', () => {
    const { mutedUntil: _, ...given } = input(suspicious, 62, {});
    expect(statusOf(given)).toMatchObject({ verdict: { rule: 'reachable', kind: null }, incident: null });
    const { mutedUntil: __, ...due } = input(partial, 66, {}, shop({ alertAfterSeconds: 0 }));
    expect(
      statusOf({ ...due, state: { ...partial, incident: null, outbox: [] } }).incident?.toldAt ?? null,
    ).toBeNull();
  });

  test('of an endpoint that is not watched', () => {
    const { mutedUntil: _, ...given } = input(partial, 70, {}, shop({ enabled: false }));
    const { verdict, regions, incident } = statusOf(given);
    expect(verdict).toMatchObject({ rule: 'not_watched', kind: null, unknown: REGIONS });
    expect(regions.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(incident).toBeNull();
  });
});
