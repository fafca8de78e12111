import { defaultConfiguration } from '../../deployment/configuration.ts';
import { askingSeconds, MEMORY_MB, retrySeconds } from './duration.ts';
import type { LineId, Usage } from './line.ts';
import { type Cohort, failingOf, MINUTES_A_MONTH, membersOf, type Plan, sum } from './plan.ts';
import type { PriceId } from './prices.ts';
import { BYTES, COUNTED, cohortsReadUnits, sweepReadUnits } from './units.ts';
import { IDLE_REQUESTS, LINE_BYTES, QUEUE_BATCH, REQUESTS_OF_LAMBDA } from './usage-shared.ts';

/** See lib/flow/watchdog.ts. */
const SWEEP_MINUTES = 5;
/** See lib/stacks/alarms.ts. */
const ALARMS = 2;
/** Regions that COUNTED.incident was counted with. */
const COUNTED_REGIONS = 6;
/** An endpoint as it was put, and its state, each in the table and, as long as something is wrong, in its index. */
const COPIES = 4;

/** What judge and watchdog take in a month, and what each endpoint that fails costs once: one incident, told and over. */
export function homeUsage(plan: Plan, cohorts: readonly Cohort[]): readonly Usage[] {
  const { home, regions, intervalSeconds } = plan;
  const { watchdog, watch, sweep, deadLetters, incident } = COUNTED;
  const use = (line: LineId, price: PriceId, quantity: number): Usage => ({
    line,
    price,
    region: home,
    quantity,
  });
  const minutes = MINUTES_A_MONTH;
  const fifths = MINUTES_A_MONTH / SWEEP_MINUTES;
  const sweeps = fifths * cohorts.length * sweep.invocations;
  const watches = minutes * watch.invocations;
  const incidents = failingOf(cohorts) * (regions.length / COUNTED_REGIONS);
  const told = failingOf(cohorts) * incident.publishes;
  const judgeSeconds = askingSeconds('judge', { steps: 3, requests: 4 + regions.length, atHome: true });
  const watchdogSeconds = askingSeconds('watchdog', { steps: 4, requests: 5, atHome: true });
  const sendsAMinute = Math.ceil((cohorts.length / SWEEP_MINUTES + 1) / QUEUE_BATCH);
  // Sweeps go ahead of what waits for the dead letters.
  const sends = minutes * sendsAMinute * watchdog.queueRequests + fifths * (deadLetters.queueRequests + 1);
  const others =
    (sweeps + watches) * judgeSeconds * MEMORY_MB.judge +
    minutes * watchdogSeconds * MEMORY_MB.watchdog +
    incidents * incident.invocations * retrySeconds(false) * MEMORY_MB.probe;
  const invocations = sweeps + watches + minutes * watchdog.invocations + incidents * incident.invocations;
  const gb = (membersOf(cohorts) * COPIES * BYTES.endpoint) / 1e9;
  return [
    use('others', 'lambdaGbSecond', others / 1024),
    use('requests', 'lambdaRequest', invocations),
    use('writes', 'writeUnit', minutes * watch.writeUnits + incidents * incident.writeUnits),
    use(
      'reads',
      'readUnit',
      minutes *
        (watchdog.readUnits + cohortsReadUnits(cohorts.map(({ members }) => members)) + watch.readUnits) +
        fifths * sum(cohorts, ({ members }) => sweepReadUnits(members, regions.length, intervalSeconds)) +
        incidents * incident.readUnits,
    ),
    use('storage', 'storageGb', gb),
    use('recovery', 'recoveryGb', gb),
    use('polling', 'fifoRequest', IDLE_REQUESTS),
    use('messages', 'fifoRequest', sends + (sweeps + watches) * REQUESTS_OF_LAMBDA),
    use('messages', 'queueRequest', fifths * deadLetters.queueRequestsPerRegion * regions.length),
    use(
      'messages',
      'fifoRequest',
      incidents * (incident.queueRequests + incident.invocations * REQUESTS_OF_LAMBDA),
    ),
    use('schedules', 'schedule', minutes),
    use('publishes', 'publish', told * defaultConfiguration.formats.length),
    use('mails', 'mail', told),
    use('logs', 'logGb', (invocations * LINE_BYTES) / 1e9),
    use('alarms', 'alarm', ALARMS),
  ];
}
