import type { Finding, WatchEnd, WatchTransition } from '../incident/watch-state.ts';
import type { Deployment } from './facts.ts';
import { asciiLine, listed, SUBJECT_MOST_CHARACTERS } from './limits.ts';
import { type NoticeWords, regionOf } from './notice.ts';
import { acknowledgedBy } from './sentence.ts';
import { tagOf } from './tag.ts';
import { clock, duration } from './time.ts';
import { watchChecklist } from './watch-checklist.ts';
import { regions } from './words.ts';

export function watchWords(transition: WatchTransition, deployment: Deployment): NoticeWords {
  const { event, finding, at } = transition;
  const who = whoOf(transition);
  const lasted = duration(at - finding.since);
  const subject = (rest: string): string =>
    asciiLine(`[${tagOf(transition)}] ${who} ${rest}`, SUBJECT_MOST_CHARACTERS);
  if (event === 'resolve') {
    const [ending, was] = [`${over(finding, transition.end ?? 'recovered')} after ${lasted}`, wrong(finding)];
    const span = `from ${clock(finding.since, at)} to ${clock(at, at)} UTC`;
    const sentence = `${who} ${over(finding, transition.end ?? 'recovered')}. ${was.pronoun ?? 'It'} ${was.past} ${span} (${lasted}).`;
    return {
      subject: subject(ending),
      summary: `${who} ${ending}`,
      sentence,
      reasoning: null,
      checklist: [],
    };
  }
  const { present, follows } = wrong(finding);
  const said = `${present} since ${clock(finding.since, at)} UTC`;
  return {
    subject: subject(said),
    summary: `${who} ${said}: ${follows}`,
    sentence: `${prefixOf(transition)}${who} ${said} (${lasted})${changed(transition)}.`,
    reasoning: `${capital(follows)}${judgedBy(transition)}`,
    checklist: watchChecklist(finding, deployment),
  };
}

function prefixOf(transition: WatchTransition): string {
  switch (transition.event) {
    case 'trigger':
    case 'resolve':
      return '';
    case 'update':
      return transition.reminder ? 'Still open, and not acknowledged: ' : 'Update: ';
    case 'acknowledge':
      return `${acknowledgedBy(transition)}: `;
  }
}

/** An update is of a region that is in the other trouble now. */
function changed({ event, reminder, finding: { kind } }: WatchTransition): string {
  if (event !== 'update' || reminder) return '';
  if (kind === 'region_silent') return '; before that it could not reach its control endpoints';
  return kind === 'region_unhealthy' ? '; before that it was silent' : '';
}

interface Wrong {
  readonly present: string;
  readonly past: string;
  readonly follows: string;
  /** Default: It. */
  readonly pronoun?: string;
}

/** What is in trouble, to begin a sentence with. */
function whoOf(transition: WatchTransition): string {
  const { finding } = transition;
  switch (finding.kind) {
    case 'region_unhealthy':
    case 'region_silent':
      return `Parallax in ${regionOf(transition)}`;
    case 'dead_letters':
      return `Parallax's dead-letter queue of ${finding.region === null ? 'the judge' : regionOf(transition)}`;
    case 'judge_lagging':
      return "Parallax's judge";
    case 'untold_alerts':
      return `Parallax's alerts by ${listed(finding.formats, 5)}`;
  }
}

function wrong(finding: Finding): Wrong {
  switch (finding.kind) {
    case 'region_unhealthy': {
      const { passed, tried, syns, lost } = finding;
      if (2 * passed >= tried) {
        const what = `packets on the way to its control endpoints (${lost} of ${syns})`;
        const follows = 'what times out there does not count';
        return { present: `has lost ${what}`, past: `lost ${what}`, follows };
      }
      const what = `reach its control endpoints (${passed} of ${tried})`;
      return { present: `cannot ${what}`, past: `could not ${what}`, follows: 'what it sees does not count' };
    }
    case 'region_silent':
      return {
        present: 'has been silent',
        past: 'was silent',
        follows: 'its endpoints are judged without it',
      };
    case 'dead_letters': {
      const what = finding.messages === 1 ? '1 message' : `${finding.messages} messages`;
      const follows =
        'what failed there is looked at again by the next rounds and sweeps, and may fail again';
      return { present: `has held ${what}`, past: 'held messages', follows };
    }
    case 'judge_lagging':
      return { present: 'has been late', past: 'was late', follows: 'alerts are told late, or not at all' };
    case 'untold_alerts':
      return {
        present: 'cannot be published',
        past: 'could not be published',
        follows: 'who listens to nothing else hears of nothing; they are tried again every 5 min',
        pronoun: 'They',
      };
  }
}

function over(finding: Finding, end: WatchEnd): string {
  switch (end) {
    case 'recovered':
      return AGAIN[finding.kind];
    case 'no_longer_watched':
      return `${finding.kind === 'untold_alerts' ? 'are' : 'is'} no longer waited for, with no recovery seen`;
  }
}

const AGAIN: Readonly<Record<Finding['kind'], string>> = {
  region_unhealthy: 'reaches its control endpoints again',
  region_silent: 'reports again',
  dead_letters: 'is empty again',
  judge_lagging: 'judges in time again',
  untold_alerts: 'are published again',
};

/** What becomes of the endpoints meanwhile. */
function judgedBy({ finding, regions: all }: WatchTransition): string {
  if (finding.kind !== 'region_unhealthy' && finding.kind !== 'region_silent') return '.';
  if (all <= 1) return ', and there is no other region: nothing is judged until it is back.';
  const others = all - 1;
  const who = `by what the other ${others === 1 ? 'region says' : `${regions(others)} say`}`;
  const alone = 'one that is watched from there only is not judged until it is back.';
  return finding.kind === 'region_silent'
    ? `, ${who}; ${alone}`
    : `: its endpoints are judged without it, ${who}; ${alone}`;
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
