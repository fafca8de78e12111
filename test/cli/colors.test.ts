import { expect, test } from 'vitest';
import { isColoured } from '../../lib/cli/colors.ts';

const terminal = { isTTY: true, hasColors: () => true };
const pipe = {};

test.each([
  [{}, terminal, true],
  [{}, { isTTY: true, hasColors: () => false }, false],
  [{}, pipe, false],
  [{ CI: 'true' }, pipe, false],
  [{ FORCE_COLOR: '1' }, pipe, true],
  [{ FORCE_COLOR: '0' }, terminal, false],
  [{ NO_COLOR: '1' }, terminal, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, terminal, false],
])('%j %o: %s', (env, stdout, wanted) => {
  expect(isColoured(env, stdout)).toBe(wanted);
});
