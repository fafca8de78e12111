import { parseCauseKey } from '../incident/cause.ts';
import type { GroupTransition } from '../incident/group-state.ts';
import type { Transition } from '../incident/state.ts';
import { checklistOf } from './checklist.ts';
import { flappingLines } from './email.ts';
import type { Deployment } from './facts.ts';
import { asciiLine, listed, oneLine, SUBJECT_MOST_CHARACTERS } from './limits.ts';
import { countedOf, type Naming, namingOfMany } from './naming.ts';
import { tagOf } from './tag.ts';
import { clock, duration } from './time.ts';
import { headlineParts, subjectOf, summaryOf } from './words.ts';

/** Members that are named in one sentence. */
const NAMED = 3;
/** Where nothing fits, this much of a name and how many there are. */
const NAME_MOST = 40;
/** … and in the lines of a mail. */
const MOST_LINES = 20;

/** What every format says of an alert about several endpoints. */
export interface GroupWords {
  /** ASCII, at most 99 characters. */
  readonly subject: string;
  /** One line that says it all, without the severity. */
  readonly summary: string;
  readonly sentence: string;
  /** Why they are told as one; null once it is over. */
  readonly reasoning: string | null;
  readonly lines: readonly string[];
  readonly checklist: readonly string[];
}

export function groupWords(transition: GroupTransition, deployment: Deployment): GroupWords {
  const { event, since, acknowledged } = transition;
  const at = transition.endedAt ?? transition.at;
  const lasted = duration(at - since);
  const example = exampleOf(transition);
  const summary = summaryOf(example);
  const naming = namingOfMany(transition);
  if (event === 'resolve') {
    const { what, outcomes } = headlineParts(example);
    const how = transition.end === 'changed' ? 'not told together any more' : 'over';
    const over = `${how} after ${lasted}, had been ${what}`;
    const said = [`${over}${outcomes}`, over].map((text) => ` ${asciiLine(text, 400)}`);
    const span = `from ${clock(since, at)} to ${clock(at, at)} UTC`;
    return {
      subject: subjectOver(`[${tagOf(transition)}] `, said, naming),
      summary: `${summary}, ${how} after ${lasted}: ${names(transition)}`,
      sentence:
        transition.end === 'changed'
          ? `Closed: ${summary}: ${names(transition)}. They were told together ${span} (${lasted}); what is left of it is told by itself.`
          : `Over: ${summary}: ${names(transition)}. It lasted ${span} (${lasted}); none of them is left.`,
      reasoning: null,
      lines: linesOf(transition),
      checklist: [],
    };
  }
  const said =
    event === 'acknowledge' && acknowledged ? `Acknowledged by ${oneLine(acknowledged.by, 100)}: ` : '';
  const prefix = transition.reminder
    ? 'Still open, and not acknowledged: '
    : event === 'update'
      ? 'Update: '
      : said;
  return {
    subject: subjectOf(example, naming),
    summary: `${summary}: ${names(transition)}`,
    sentence: `${prefix}${summary} since ${clock(since, at)} UTC (${lasted}): ${names(transition)}.`,
    reasoning: [likely(transition), ...flappingLines(example)].join(' '),
    lines: linesOf(transition),
    checklist: checklistOf(example, deployment),
  };
}

/** `[RESOLVED] Shop 0 and 61 more over after 8 min, had been blocked from eu-west-1 (tcp timeout)`. */
function subjectOver(tag: string, choices: readonly string[], naming: Naming): string {
  for (const text of choices) {
    const name = naming(SUBJECT_MOST_CHARACTERS - tag.length - text.length, asciiLine);
    if (name !== null) return `${tag}${name}${text}`;
  }
  return asciiLine(
    `${tag}${naming(NAME_MOST, asciiLine) ?? ''}${choices.at(-1) ?? ''}`,
    SUBJECT_MOST_CHARACTERS,
  );
}

/** What is told of one of them, in the name of all; on resolve as it was. */
export function exampleOf(transition: GroupTransition): Transition {
  const { example, event, severity, rule, kind, since, at, reminder, acknowledged, flapping } = transition;
  const { before } = transition;
  const told = { severity, rule, kind, since, at, reminder, acknowledged, end: null, flapping };
  const shown = event === 'resolve' ? ('trigger' as const) : event;
  return {
    ...example,
    ...told,
    event: shown,
    endedAt: transition.endedAt,
    before: before && { ...before, flapping },
    endpoint: { ...example.endpoint, name: countedOf(transition) },
  };
}

function names({ group }: GroupTransition): string {
  const all = group.members.map(({ name, id }) => oneLine(name, 60) || oneLine(id, 63));
  const shown = all.slice(0, NAMED);
  const rest = group.count - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : listed(shown, NAMED);
}

function linesOf({ group, at }: GroupTransition): string[] {
  const shown = group.members.slice(0, MOST_LINES).map(({ id, name, host, port, severity, since }) => {
    const authority = `${host.includes(':') ? `[${oneLine(host, 64)}]` : oneLine(host, 100)}:${port}`;
    const known = oneLine(name, 60) || oneLine(id, 63);
    return `  ${severity}  ${known} (${authority}), since ${clock(since, at)} UTC`;
  });
  const rest = group.count - shown.length;
  return rest > 0 ? [...shown, `  … and ${rest} more`] : shown;
}

function likely({ group }: GroupTransition): string {
  const { cause } = parseCauseKey(group.cause);
  const many = group.count === 1 ? '' : ` than ${group.count}`;
  switch (cause.kind) {
    case 'region':
      return `They fail from the same ${cause.value.includes(' ') ? 'regions' : 'region'} and listen elsewhere: one cause is likelier${many}, such as a firewall, a provider or a route that they share.`;
    case 'address':
      return `They share the address ${oneLine(cause.value, 64)}: one host, balancer or firewall is likelier${many === '' ? '' : `${many} causes`}.`;
    case 'everywhere':
      return `They began to fail together, from everywhere: look at what they share (host, network, DNS, certificate, deployment) before each of them.`;
    case 'watching':
      return 'Nobody watches them: the trouble is with the probers, and says nothing of the endpoints.';
  }
}
