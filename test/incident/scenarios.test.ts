import { describe, expect, test } from 'vitest';
import type { Incident, Transition } from '../../lib/incident/state.ts';
import { expectGolden } from '../support/golden.ts';
import { run } from '../support/judging.ts';
import { START } from '../support/tries.ts';
import { SCENARIOS, worldOf } from './scenarios.ts';

const after = (at: number | null): string | null =>
  at === null ? null : `+${((at - START) / 1000).toFixed(1)} s`;

/** The facts, with times after the start. */
function toldText(transition: Transition) {
  const { event, sequence, dedupKey, kind, rule, severity, since, at, flapping, end } = transition;
  const { listeningRegions, failingRegions, unknownRegions, regions } = transition;
  const lists = [
    `failing ${failingRegions}`,
    `listening ${listeningRegions}`,
    `unknown ${unknownRegions}`,
  ].join('; ');
  return {
    told: `${after(at)}: ${event} ${sequence} of ${dedupKey}${flapping ? ', flapping' : ''}${end ? `, ${end}` : ''}`,
    what: `${severity} ${kind} ${rule} since ${after(since)}`,
    lists,
    regions: regions.map(
      (one) =>
        `${one.region} ${one.state} since ${after(one.since === null ? null : Date.parse(one.since))}, ${one.tries} tries: ` +
        `${one.stage} ${one.outcome} ${one.evidence} ${one.address}`,
    ),
  };
}

function incidentText({ id, kind, rule, since, openedAt, toldAt, endedAt, end }: Incident) {
  return {
    id,
    kind,
    rule,
    since: after(since),
    opened: after(openedAt),
    told: after(toldAt),
    ended: after(endedAt),
    end,
  };
}

describe('scenarios', () => {
  test.each(SCENARIOS)('$name', (scenario) => {
    const { told, incidents } = run(worldOf(scenario));
    for (const [index, { before, dedupKey }] of told.entries()) {
      const known = told.slice(0, index).findLast((one) => one.dedupKey === dedupKey);
      expect(before && [before.kind, before.rule, before.severity]).toEqual(
        known ? [known.kind, known.rule, known.severity] : null,
      );
      for (const region of known?.failingRegions ?? []) expect(before?.failing).toContain(region);
    }
    const text = { told: told.map(toldText), incidents: [...incidents.values()].map(incidentText) };
    const name = scenario.name.replace(/[^a-z0-9]+/g, '-');
    expectGolden(new URL(`golden/${name}.json`, import.meta.url), `${JSON.stringify(text, null, 2)}\n`);
  });
});
