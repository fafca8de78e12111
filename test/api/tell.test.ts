import { expect, test } from 'vitest';
import { bridge } from '../../lib/api/tell.ts';

test('a new endpoint is tried at once and then at its interval, regions apart, until the schedule knows it', () => {
  expect(bridge(1000, 30, 0, 3)).toEqual([1000, 1030, 1060, 1090]);
  expect(bridge(1000, 30, 2, 3)).toEqual([1000, 1050, 1080, 1110]);
  expect(bridge(1000, 600, 1, 3)).toEqual([1000]);
  expect(bridge(1000, 10, 0, 2)).toHaveLength(12);
});
