import { parseCauseKey } from '../incident/cause.ts';
import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';

/** The text as one line of at most so many characters, in the alphabet of a format. */
export type Cut = (text: string, most: number) => string;

/** Who an alert is about in at most `room` characters; null: there is not room enough to tell. */
export type Naming = (room: number, cut: Cut) => string | null;

/** No name is cut below this while anything less important is left to drop. */
export const NAME_LEAST_CHARACTERS = 24;
/** … and where others stand beside it. */
const LEAST_OF_MANY = 12;

/** Its name; its id where there is nothing to print, or more question marks than name in the alphabet of a format. */
export function nameIn({ name, id }: Pick<Transition['endpoint'], 'name' | 'id'>, cut: Cut): string {
  const said = cut(name, 100);
  const lost = [...said].filter((character) => character === '?').length;
  const meant = [...name].filter((character) => character === '?').length;
  return said === '' || 2 * (lost - meant) > [...said].length ? cut(id, 100) : said;
}

/** The endpoint's name. */
export function namingOf({ endpoint }: Pick<Transition, 'endpoint'>): Naming {
  return (room, cut) => {
    const name = nameIn(endpoint, cut);
    return room >= Math.min(name.length, NAME_LEAST_CHARACTERS) ? cut(name, room) : null;
  };
}

/**
 * `Shop 0 and 61 more of team web at 203.0.113.7 (56 new)`. What there is no room for is left out in this order: the team, the address, what
 * is new, the end of the name.
 */
export function namingOfMany(transition: GroupTransition): Naming {
  const { group } = transition;
  const [first] = group.members;
  const { team, at } = sharedBy(transition);
  const more = group.count > 1 ? ` and ${group.count - 1} more` : '';
  const rests = [
    [more, team, at, newsOf(transition)],
    [more, at, newsOf(transition)],
    [more, newsOf(transition)],
    [more],
  ].map((parts) => parts.join(''));
  return (room, cut) => {
    const name = first ? nameIn(first, cut) : '';
    if (name === '') return null;
    for (const text of rests) {
      const rest = cut(text, 200);
      const left = room - rest.length - (text.startsWith(' ') ? 1 : 0);
      if (left >= Math.min(name.length, LEAST_OF_MANY))
        return rest === '' ? cut(name, left) : `${cut(name, left)} ${rest}`;
    }
    return null;
  };
}

/** `62 endpoints of team web at 203.0.113.7 (56 new)`, for lines that name them anyway. */
export function countedOf(transition: GroupTransition): string {
  const { count } = transition.group;
  const { team, at } = sharedBy(transition);
  return `${count === 1 ? '1 endpoint' : `${count} endpoints`}${team}${at}${newsOf(transition)}`;
}

function sharedBy({ group }: GroupTransition): { readonly team: string; readonly at: string } {
  const { cause, team } = parseCauseKey(group.cause);
  return {
    team: team === null ? '' : ` of team ${team.slice(0, 60)}`,
    at: cause.kind === 'address' ? ` at ${cause.value}` : '',
  };
}

/** Whom an update tells of that nobody has been told of before. */
function newsOf({ group: { count, fresh } }: GroupTransition): string {
  if (fresh === 0) return '';
  return fresh === count ? ' (all new)' : ` (${fresh} new)`;
}
