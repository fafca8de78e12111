import { askingSeconds, MEMORY_MB, probeSeconds } from './duration.ts';
import type { LineId, Usage } from './line.ts';
import {
  type Cohort,
  failingOf,
  type Group,
  groupsOf,
  MINUTES_A_MONTH,
  membersOf,
  type Plan,
  sum,
} from './plan.ts';
import type { PriceId } from './prices.ts';
import { between, REQUEST, SENT, SENT_INTO_SILENCE } from './traffic.ts';
import { BYTES, COUNTED, cohortsReadUnits, loadReadUnits, roundWriteUnits } from './units.ts';
import { IDLE_REQUESTS, LINE_BYTES, QUEUE_BATCH, REQUESTS_OF_LAMBDA, STORED_DAYS } from './usage-shared.ts';

/** Endpoints that fail are tried each minute at least; see lib/flow/dispatch.ts. */
const OPEN_INTERVAL_SECONDS = 60;
/** A prober looks whether its endpoints are those that it remembers; see lib/flow/cohort-cache.ts. */
const LOOKS_A_MONTH = MINUTES_A_MONTH / 30;
/** DynamoDB adds so much to each item that it stores ("Item sizes and formats", developer guide). */
const BYTES_AROUND_ITEM = 100;
/** The default ones; they are asked, with tcp, wherever something fails. */
const CONTROLS = 4;
const BASE64 = 4 / 3;

/** Rounds of a group that are made in the same way. */
interface Rounds {
  readonly group: Group;
  readonly times: number;
}

function roundsOf(cohorts: readonly Cohort[], intervalSeconds: number): readonly Rounds[] {
  const slots = (MINUTES_A_MONTH * 60) / intervalSeconds;
  const between = (MINUTES_A_MONTH * 60) / OPEN_INTERVAL_SECONDS - slots;
  return groupsOf(cohorts).flatMap((group) => {
    const failing = group.flatMap((one) =>
      one.failing > 0 ? [{ members: one.failing, failing: one.failing }] : [],
    );
    const open = between > 0 && failing.length > 0 ? [{ group: failing, times: between }] : [];
    return [{ group, times: slots }, ...open];
  });
}

/** What one region's prober takes in a month: there, of the table at home, and of the way between. */
export function regionUsage(region: string, plan: Plan, cohorts: readonly Cohort[]): readonly Usage[] {
  const { home, handshake, intervalSeconds } = plan;
  const atHome = region === home;
  const rounds = roundsOf(cohorts, intervalSeconds);
  const each = (of: (one: Rounds) => number): number => sum(rounds, (one) => one.times * of(one));
  const here = (line: LineId, price: PriceId, quantity: number): Usage => ({ line, price, region, quantity });
  const there = (line: LineId, price: PriceId, quantity: number): Usage => ({
    ...here(line, price, quantity),
    region: home,
  });

  const probes = each(() => 1);
  const seconds = each(({ group }) =>
    probeSeconds({
      handshake,
      endpoints: membersOf(group),
      silent: failingOf(group),
      cohorts: group.length,
      atHome,
    }),
  );
  const dispatches = MINUTES_A_MONTH * COUNTED.dispatch.invocations;
  const dispatchSeconds = askingSeconds('dispatch', { steps: 2, requests: 2, atHome });
  // What all is well notes once a minute; what fails is noted each time.
  const notes = sum(rounds, ({ group, times }) =>
    failingOf(group) > 0 ? times : Math.min(times, MINUTES_A_MONTH),
  );
  const perMinute = probes / MINUTES_A_MONTH;
  const sends = MINUTES_A_MONTH * (perMinute > 1 ? Math.ceil(perMinute / QUEUE_BATCH) : perMinute);
  const stored = each(({ group }) =>
    sum(group, (one) => BYTES_AROUND_ITEM + BYTES.round + passingBytes(one) + one.failing * BYTES.failing),
  );
  const gbMonths = (stored * STORED_DAYS) / (MINUTES_A_MONTH / 1440) / 1e9;

  const probing = traffic(rounds);
  const planning = between([{ ...REQUEST.cohorts, received: cohortsReceived(cohorts) }]);
  const gb = (way: 'sent' | 'received'): number =>
    atHome ? 0 : (probing[way] + dispatches * planning[way]) / 1e9;

  return [
    here('probe', 'lambdaGbSecond', (seconds * MEMORY_MB.probe) / 1024),
    here('others', 'lambdaGbSecond', (dispatches * dispatchSeconds * MEMORY_MB.dispatch) / 1024),
    here('requests', 'lambdaRequest', probes + dispatches),
    there(
      'writes',
      'writeUnit',
      each(({ group }) => sum(group, (one) => roundWriteUnits(one.members, one.failing))) +
        notes * COUNTED.note.writeUnits,
    ),
    there(
      'reads',
      'readUnit',
      each(
        ({ group }) => group.length * COUNTED.round.readUnits + failingOf(group) * COUNTED.failing.readUnits,
      ) +
        dispatches * cohortsReadUnits(cohorts.map(({ members }) => members)) +
        LOOKS_A_MONTH * sum(cohorts, ({ members }) => loadReadUnits(members, true)),
    ),
    there('storage', 'storageGb', gbMonths),
    there('recovery', 'recoveryGb', gbMonths),
    here('polling', 'queueRequest', IDLE_REQUESTS),
    here('messages', 'queueRequest', sends + probes * REQUESTS_OF_LAMBDA),
    here('schedules', 'schedule', MINUTES_A_MONTH),
    here('transfer', 'transferGb', gb('sent')),
    there('transfer', 'transferGb', gb('received')),
    here('logs', 'logGb', ((probes + dispatches) * LINE_BYTES) / 1e9),
    here('egress', 'internetGb', each(({ group }) => sentOut(group, plan)) / 1e9),
  ];
}

const passingBytes = ({ members, failing }: Cohort): number => (members - failing) * BYTES.passing;

const cohortsReceived = (cohorts: readonly Cohort[]): number =>
  REQUEST.cohorts.received + cohorts.length * REQUEST.cohorts.receivedPerCohort;

/** Between the probers and home, in bytes a month. */
function traffic(rounds: readonly Rounds[]): { readonly sent: number; readonly received: number } {
  const all = rounds.map(({ group, times }) => {
    const { round, attention, note } = REQUEST;
    const writes = group.map((one) => ({
      sent:
        round.sent +
        round.sentPerEndpoint * (one.members - one.failing) +
        BASE64 * BYTES.failing * one.failing,
      received: round.received,
    }));
    const look = {
      sent: attention.sent + attention.sentPerCohort * group.length,
      received: attention.received + attention.receivedPerCohort * group.length,
    };
    const { sent, received } = between([...writes, look, note]);
    return { sent: times * sent, received: times * received };
  });
  return { sent: sum(all, ({ sent }) => sent), received: sum(all, ({ received }) => received) };
}

/** To what is watched, and to the controls where it does not answer, in bytes. */
function sentOut(group: Group, { handshake }: Plan): number {
  const failing = failingOf(group);
  const controls = failing > 0 ? CONTROLS * SENT.tcp : 0;
  return (membersOf(group) - failing) * SENT[handshake] + failing * SENT_INTO_SILENCE + controls;
}
