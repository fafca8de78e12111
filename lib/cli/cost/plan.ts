import { COHORT_SIZE, COHORTS_IN_STEP } from '../../endpoint/cohort.ts';
import type { Handshake } from '../../outcome/outcome.ts';

/** What is to be priced. */
export interface Plan {
  readonly endpoints: number;
  /** Each tries every endpoint. */
  readonly regions: readonly string[];
  /** Holds table, queues of the judge and topics; among `regions` or not. */
  readonly home: string;
  readonly intervalSeconds: number;
  readonly handshake: Handshake;
  /** So many of a hundred endpoints do not answer any region, all month long. */
  readonly failingPercent: number;
}

/** 730 hours, as AWS counts a month in its own estimates. */
export const MINUTES_A_MONTH = 43_800;

export interface Cohort {
  readonly members: number;
  readonly failing: number;
}

/** What one message of a probe queue asks for. */
export type Group = readonly Cohort[];

/**
 * Cohorts as they fill up. Which endpoints fail is spread as evenly as can be and is never taken back: who fails of a few does so among more,
 * and at a higher share, so that a bill grows with both. The first one fails as soon as any does.
 */
export function cohortsOf({ endpoints, failingPercent }: Plan): readonly Cohort[] {
  const cohorts: Cohort[] = [];
  for (let first = 0; first < endpoints; first += COHORT_SIZE) {
    const members = Math.min(COHORT_SIZE, endpoints - first);
    let failing = 0;
    for (let number = first; number < first + members; number += 1)
      if (100 * placeOf(number) < failingPercent) failing += 1;
    cohorts.push({ members, failing });
  }
  return cohorts;
}

/** The multiples of the golden ratio, whose fractions are spread evenly over 0–1 however many there are (Weyl). */
const placeOf = (number: number): number => (number * ((Math.sqrt(5) - 1) / 2)) % 1;

/** Cohorts that knock together are one message. */
export function groupsOf(cohorts: readonly Cohort[]): readonly Group[] {
  return Array.from({ length: Math.ceil(cohorts.length / COHORTS_IN_STEP) }, (_, group) =>
    cohorts.slice(group * COHORTS_IN_STEP, (group + 1) * COHORTS_IN_STEP),
  );
}

export const sum = <T>(of: readonly T[], value: (one: T) => number): number =>
  of.reduce((all, one) => all + value(one), 0);

export const failingOf = (group: Group): number => sum(group, ({ failing }) => failing);
export const membersOf = (group: Group): number => sum(group, ({ members }) => members);
