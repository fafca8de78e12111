import { expect, test } from 'vitest';
import { nearest } from '../../lib/endpoint/nearest.ts';
import { endpointInput } from '../../lib/endpoint/schema.ts';

const FIELDS = Object.keys(endpointInput.shape);

test.each([
  ['prot', 'port'],
  ['Port', 'port'],
  ['handshakes', 'handshake'],
  ['interval', 'intervalSeconds'],
  ['runbook', 'runbookUrl'],
  ['hots', 'host'],
  ['severites', 'severities'],
  ['alertAfter', 'alertAfterSeconds'],
  ['timeout', null],
  ['x', null],
  ['', null],
  ['__proto__', null],
])('%s was probably meant to be %s', (written, meant) => {
  expect(nearest(written, FIELDS)).toBe(meant);
});
