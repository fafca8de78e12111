import type { AlertFormat } from '../deployment/configuration.ts';
import type { Severity } from '../verdict/verdict.ts';
import { type Rendered, renderNotice } from './alert.ts';
import type { Deployment } from './facts.ts';
import { asciiLine, attributeValue, oneLine, SUBJECT_MOST_CHARACTERS } from './limits.ts';
import { plainText } from './markdown.ts';
import type { Notice, NoticeWords } from './notice.ts';
import { drillPager } from './pager.ts';
import { tagOf } from './tag.ts';
import { clock } from './time.ts';

/** A test of the way from here to whoever is on call. */
export interface Drill {
  /** Its dedupKey. */
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  /** For filter policies: an alert of this severity, of an endpoint of this team (null: of none), would be told in this way. */
  readonly severity: Severity;
  readonly team: string | null;
}

/** How a format tells a drill: one message, but for a pager two, so that nothing stays open. In that order. Never throws. */
export function renderDrill(format: AlertFormat, drill: Drill, deployment: Deployment): readonly Rendered[] {
  const { id, at, severity } = drill;
  const team = drill.team === null ? null : attributeValue(drill.team);
  const attributes = { event: 'test', kind: 'test', severity, ...(team === null ? {} : { team }) };
  const notice: Notice = {
    event: 'test',
    dedupKey: id,
    sequence: 1,
    severity,
    finding: { kind: 'test', region: null, since: at },
    at,
    end: null,
    acknowledged: null,
    reminder: false,
  };
  const wordsOf = (who: Deployment, isPlain: boolean): NoticeWords =>
    drillWords(notice, isPlain && team !== null ? plainText(team) : team, who);
  // Where nothing that is put in front of it says so, the summary itself does.
  const marked = drillWords(notice, team, deployment);
  const summary = marked.subject;
  const told = (one: Omit<Rendered, 'attributes'> | null) => (one === null ? [] : [{ ...one, attributes }]);
  switch (format) {
    case 'email':
    case 'sms':
    case 'chat':
      return told(renderNotice(format, notice, wordsOf, deployment));
    case 'json':
      return told(renderNotice(format, notice, () => ({ ...marked, summary }), deployment));
    case 'pager':
      return drillPager(notice, { ...marked, summary }, deployment).flatMap(told);
  }
}

function drillWords(notice: Notice, team: string | null, { name }: Deployment): NoticeWords {
  const summary = `Parallax "${oneLine(name, 30)}": nothing is wrong, this is a drill`;
  const who = team === null ? '' : ` of team ${oneLine(team, 64)}`;
  return {
    subject: asciiLine(`[${tagOf(notice)}] ${summary}`, SUBJECT_MOST_CHARACTERS),
    summary,
    sentence: `[${tagOf(notice)}] Nothing is wrong: this is a drill, ordered at ${clock(notice.at, notice.at)} UTC.`,
    reasoning: `An alert of severity ${notice.severity}${who} would have reached you in this way. Nothing is to be done.`,
    checklist: [],
  };
}
