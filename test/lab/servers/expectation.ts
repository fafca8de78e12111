import { expect } from 'vitest';
import type { Handshake } from '../../../lib/outcome/outcome.ts';
import type { Expected } from './family.ts';

/** What an observation must be like, in vitest's words. */
export function observationOf(expected: Expected, handshake: Handshake): object {
  if (expected.passed) return { passed: true, stage: handshake };
  if (expected.stage === undefined || !Array.isArray(expected.reason)) return expected;
  return { ...expected, reason: expect.toBeOneOf([...expected.reason]) };
}
