import type { Endpoint } from '../endpoint/endpoint.ts';
import { tagOf } from '../endpoint/tag.ts';
import { causeKeysOf, keysNow } from '../incident/cause.ts';
import { causesOfMost } from '../incident/group-most.ts';
import type { Member, MembersOfCohort } from '../incident/group-state.ts';
import type { EndpointState, Incident, Transition } from '../incident/state.ts';
import { dueAtOf } from '../incident/telling.ts';

/** An endpoint with its open incident, and how that would be told by itself. */
export interface Open {
  readonly endpoint: Endpoint;
  readonly state: EndpointState;
  readonly incident: Incident;
  readonly example: Transition;
}

export const keysOf = ({ endpoint, state, incident }: Open): string[] =>
  keysNow(incident, state, endpoint.team);

/** What the open incidents of a cohort may have in common with others, by cause. */
export function membersByCause(open: readonly Open[]): ReadonlyMap<string, MembersOfCohort> {
  const byCause = new Map<string, Open[]>();
  for (const one of open) {
    for (const key of keysOf(one)) byCause.set(key, [...(byCause.get(key) ?? []), one]);
  }
  return new Map(
    [...byCause].map(([key, all]) => {
      const members = all.map((one) => memberOf(one, key));
      return [key, { members, example: exampleOf(all, members) }];
    }),
  );
}

/** How one of most would be told; if there is one, one of which the regions say now what its incident is. */
function exampleOf(all: readonly Open[], members: readonly Member[]): Transition {
  const [most] = causesOfMost(members);
  const ofMost = all.filter((_, place) => most !== undefined && members[place]?.causes.includes(most));
  const among = ofMost.length > 0 ? ofMost : all;
  const certain = among.find(
    ({ example, incident }) => example.failingRegions.join() === incident.failingRegions.join(),
  );
  const found = certain ?? among[0];
  if (!found) throw new Error('nobody has this cause');
  return found.example;
}

function memberOf({ endpoint, state, incident, example }: Open, key: string): Member {
  const { id, name, host, port, runbookUrl = null, team } = endpoint;
  const { since, kind, rule, severity, acknowledged, flapping } = incident;
  return {
    id,
    tag: tagOf(endpoint),
    name,
    host,
    port,
    since,
    dueAt: dueAtOf(incident, { endpoint }),
    kind,
    rule,
    severity,
    told: toldOf(incident, key),
    causes: causeKeysOf(incident, state, team),
    fails: kind === 'not_watched' || example.failingRegions.length > 0,
    flapping,
    runbookUrl,
    acknowledged,
  };
}

function toldOf({ grouped, told }: Incident, key: string): Member['told'] {
  if (grouped === key) return 'together';
  return told === null ? 'not_yet' : 'alone';
}
