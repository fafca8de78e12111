import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import { lookFirst } from '../outcome/look-first.ts';
import { type Deployment, forbiddenOf, grouped, sourcesOf, spokenOf } from './facts.ts';
import type { Notice } from './notice.ts';
import { watchChecklist } from './watch-checklist.ts';

/** What to look at first; nothing once it is over. */
export function checklistOf(transition: Transition, deployment: Deployment): readonly string[] {
  if (transition.event === 'resolve') return [];
  const { failing: all, unknown } = grouped(transition);
  const isUnwatched = transition.rule === 'not_watched';
  const failing = isUnwatched ? forbiddenOf(unknown) : spokenOf(transition, all);
  const [region] = transition.unknownRegions;
  if (isUnwatched && failing.length === 0 && region !== undefined) {
    // What to look at is a region of this deployment: its commands have real names in them.
    return watchChecklist({ kind: 'region_silent', region, since: transition.since }, deployment);
  }
  return lookFirst({
    rule: transition.rule,
    failing,
    host: transition.endpoint.host,
    port: transition.endpoint.port,
    serverName: transition.endpoint.serverName,
    sourceAddresses: sourcesOf(failing),
  });
}

/** What to type, in this order. */
export interface Commands {
  /** Shows what the regions say now. */
  readonly look: string;
  /** Says who looks after it; null: it is over, or somebody does. */
  readonly acknowledge: string | null;
}

type Told = Pick<Transition | Notice, 'event' | 'acknowledged' | 'reminder'>;

/** An id that the API would not have accepted is not put where a shell may read it. */
export function commandsOf(transition: Transition, deployment: Pick<Deployment, 'command'>): Commands {
  const { id } = transition.endpoint;
  const known = /^[a-z0-9][a-z0-9-]{0,62}$/.test(id) ? id : null;
  return commands(transition, known, known, deployment);
}

/** Of what is not of one endpoint: it is acknowledged by its dedupKey. */
export function commandsOfMany(
  told: Told & Pick<Transition, 'dedupKey'> & Partial<Pick<Notice, 'finding'>>,
  deployment: Pick<Deployment, 'command'>,
): Commands {
  const key = /^[\w.-]{1,100}$/.test(told.dedupKey) ? told.dedupKey : null;
  const found = commands(told, null, key, deployment);
  const region = told.finding?.region ?? null;
  return region === null ? found : { ...found, look: `${deployment.command} regions` };
}

function commands(
  { event, acknowledged, reminder }: Told,
  endpoint: string | null,
  key: string | null,
  { command }: Pick<Deployment, 'command'>,
): Commands {
  const open = event === 'trigger' || event === 'update';
  const alone = reminder || acknowledged === null;
  return {
    look: `${command} status${endpoint === null ? '' : ` ${endpoint}`}`,
    acknowledge: open && alone && key !== null ? `${command} ack ${key}` : null,
  };
}

/** As a list. */
export function listOf({ look, acknowledge }: Commands): string[] {
  return acknowledge === null ? [look] : [look, acknowledge];
}

/** The API's own limit; half a link is worse than none. */
const RUNBOOK_MOST_CHARACTERS = 2000;

export function runbookOf({ runbookUrl }: Pick<Transition, 'runbookUrl'>): string | null {
  if (runbookUrl === null || runbookUrl.length > RUNBOOK_MOST_CHARACTERS) return null;
  return /^https?:\/\/[\x21-\x7e]+$/.test(runbookUrl) ? runbookUrl : null;
}

/** The one that all of them have. */
export function runbookOfMany({ group }: GroupTransition): string | null {
  const urls = new Set(group.members.map(({ runbookUrl }) => runbookUrl));
  const [runbookUrl = null] = urls;
  return urls.size === 1 ? runbookOf({ runbookUrl }) : null;
}
