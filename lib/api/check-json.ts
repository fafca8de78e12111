import { ANSWER_WITHIN_MS } from '../endpoint/check.ts';
import { lookFirst } from '../outcome/look-first.ts';
import type { AnsweredCheck, CheckAnswer } from '../store/check.ts';
import { ruleOfCheck } from '../verdict/check-rule.ts';
import { follow } from '../verdict/region-fold.ts';
import type { RegionReport } from '../verdict/region-state.ts';
import { reportOf } from '../verdict/report.ts';
import { text } from './api.ts';

/** One try is all there is: it does not age, and no interval makes it old. */
const TIMELESS = { intervalSeconds: 60 } as const;

/**
 * A check as the API shows it. Regions that are silent for 15 s are said not to have answered; an answer that comes later is shown all
 * the same. What all of it means is said once nobody is waited for.
 */
export function checkJson(check: AnsweredCheck, nowMs: number) {
  const { id, askedAt, endpoint, target, answers } = check;
  const waits = nowMs - askedAt < ANSWER_WITHIN_MS;
  const byRegion = new Map(answers.map((answer) => [answer.region, answer]));
  const regions = check.regions.map((region) => {
    const answer = byRegion.get(region);
    const silent = { ...reportOf(region, undefined, nowMs, TIMELESS.intervalSeconds) };
    if (!answer) return { ...silent, answer: waits ? ('pending' as const) : ('no_answer' as const) };
    return { ...answeredReport(answer), answer: 'answered' as const };
  });
  const complete = regions.every(({ answer }) => answer !== 'pending');
  const facts = answers.flatMap(({ certificate }) => certificate ?? []);
  return {
    id,
    at: text(askedAt),
    complete,
    endpoint,
    target,
    ...(complete ? meaningOf(check, regions) : { rule: null, checklist: [] }),
    regions,
    certificates: [...new Map(facts.map((one) => [one.sha256, one])).values()],
  };
}

const stateOf = ({ observation }: CheckAnswer) => follow(undefined, [observation], TIMELESS);

/** As in status, but of one try, and with what is known of a passing one too. */
function answeredReport(answer: CheckAnswer): RegionReport {
  const { region, observation, tls, certificate, sourceAddress } = answer;
  return {
    ...reportOf(region, stateOf(answer), observation.at, TIMELESS.intervalSeconds),
    tls,
    certificate: certificate?.sha256 ?? null,
    sourceAddress,
  };
}

function meaningOf({ answers, target }: AnsweredCheck, regions: readonly RegionReport[]) {
  const states = answers.flatMap((answer) => {
    const state = stateOf(answer);
    return state ? [[answer.region, state] as const] : [];
  });
  const rule = ruleOfCheck(Object.fromEntries(states));
  const { host, port, serverName = null } = target;
  // Where nothing is known of the port, what kept the probers from trying it is what there is to look at.
  const failing = regions.filter(({ state, outcome }) =>
    rule === null ? outcome !== null : state === 'suspect',
  );
  const sourceAddresses = failing.flatMap(({ sourceAddress }) => sourceAddress ?? []);
  const asked = { failing, host, port, serverName, sourceAddresses };
  return { rule, checklist: lookFirst({ ...asked, rule: rule ?? 'fails_everywhere_mixed' }) };
}
