import { expect, test } from 'vitest';
import { cohortIndex, keys, muteIndex, openIndex } from '../../lib/store/keys.ts';

// Tables in use hold these: whoever changes one must move what is there.
test('keys are as documented', () => {
  expect(
    [
      keys.endpoint('shop'),
      keys.state('shop'),
      keys.incident('shop', Date.UTC(2026, 10, 20, 3, 12, 5)),
      keys.acknowledgement('shop'),
      keys.mute('shop'),
      keys.tagMute('web'),
      keys.maintenance('deploy'),
      keys.cohort('60-0'),
      keys.cohort('60-15'),
      keys.cohort('60-16'),
      keys.cohort('10-80'),
      keys.room(60),
      keys.round('60-0', 'eu-west-1', '1790000000#r'),
      keys.certificate('abcd'),
      keys.region('eu-west-1'),
    ].map(({ pk, sk }) => `${pk} / ${sk}`),
  ).toEqual([
    'ENDPOINT#shop / ENDPOINT',
    'ENDPOINT#shop / STATE',
    'ENDPOINT#shop / INCIDENT#2026-11-20T03:12:05.000Z',
    'ENDPOINT#shop / ACK',
    'ENDPOINT#shop / MUTE',
    'QUIET / TAG#web',
    'QUIET / MAINTENANCE#deploy',
    'COHORTS / 60-0',
    'COHORTS / 60-15',
    'COHORTS#60#0 / 60-16',
    'COHORTS#10#1 / 10-80',
    'ROOM / 60',
    'ROUND#60-0#eu-west-1 / 1790000000#r',
    'CERT#abcd / abcd',
    'REGIONS / eu-west-1',
  ]);
  expect(cohortIndex('60-0', 'shop')).toEqual({ gsi1pk: 'COHORT#60-0', gsi1sk: 'shop' });
  expect(muteIndex('shop')).toEqual({ gsi1pk: 'MUTES', gsi1sk: 'shop' });
});

test('open incidents are spread over all eight partitions of the index, a given endpoint always in one', () => {
  const partitions = Array.from({ length: 800 }, (_, n) => openIndex(`endpoint-${n}`).gsi1pk);
  const sizes = Map.groupBy(partitions, (partition) => partition);
  expect([...sizes.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((shard) => `OPEN#${shard}`));
  for (const members of sizes.values()) expect(members.length).toBeGreaterThan(50);
  expect(openIndex('shop')).toEqual(openIndex('shop'));
});
