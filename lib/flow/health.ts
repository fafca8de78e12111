import { setTimeout as sleep } from 'node:timers/promises';
import { isConfirmed } from '../incident/health.ts';
import type { RegionHealth } from '../probe/control-health.ts';
import { tryControls } from '../probe/controls.ts';
import type { GroupResult } from '../probe/group.ts';
import { type ControlsOrder, MESSAGE_VERSION } from '../queue/message.ts';
import { healthId } from '../queue/queues.ts';
import { noteRegion, type RegionRecord } from '../store/region.ts';
import type { ProbeContext } from './probe-context.ts';

/** A little less than a minute: of rounds a minute apart each is noted. */
const NOTE_REGION_EVERY_MS = 55_000;
/** The judge hears of a turn at once for this long; what has lasted longer it sees each minute. */
const NEWS_MS = 60_000;
/** A look that comes later than this is not made: the next one has been ordered. */
const LATE_MS = 60_000;
/** Delays are whole seconds, rounded down: the rest is waited for, and never more than a little. */
const LONGEST_WAIT_MS = 2_000;

/** The controls alone, so that a region in doubt need not wait for its endpoints' intervals. */
export async function lookAgain({ dueMs }: ControlsOrder, context: ProbeContext): Promise<void> {
  const waitMs = dueMs - context.now();
  if (-waitMs > LATE_MS) return;
  if (waitMs > 0) await sleep(Math.min(waitMs, LONGEST_WAIT_MS));
  await noteHealth({ observations: [], certificates: [], controls: await look(context) }, false, context);
}

async function look({ prober }: ProbeContext): Promise<RegionHealth> {
  const { controls, resolver, allowPrivateAddresses, gate } = prober;
  const options = { resolver, allowPrivateAddresses, gate, ipv6Failed: false, timedOut: true };
  return (await tryControls(controls, options)).region;
}

/**
 * Notes what an invocation has seen of its own region: once a minute while all is well, each time while it is not. A failure is
 * only logged; a region that cannot note anything is silent.
 *
 * @param round - whether a round was written.
 */
export async function noteHealth(result: GroupResult, round: boolean, context: ProbeContext): Promise<void> {
  const { noted, environment } = context;
  // Nothing fails any more where most did: whether the region is well again only the controls can say.
  const asks = noted?.unhealthy === true && result.controls === null && result.observations.length > 0;
  const controls = asks ? await look(context) : result.controls;
  const at = context.now();
  if (noted && at - noted.atMs < NOTE_REGION_EVERY_MS && controls === null && !noted.unhealthy) return;
  const healthy = signOf({ ...result, controls });
  if (controls !== null && 2 * controls.passed < controls.tried) context.sickAtMs = at;
  const address = context.prober.sourceAddress();
  try {
    const record = await noteRegion(context.table, {
      region: environment.region,
      notedAt: at,
      round,
      healthy,
      controls: controls && { ...controls, at },
      sourceAddress: address === null ? null : { address, at },
      clock: context.clock,
    });
    context.noted = { atMs: at, unhealthy: healthy === null ? noted?.unhealthy === true : !healthy };
    if (record && healthy !== null) await tellTurn(record, context);
  } catch (error) {
    console.warn(JSON.stringify({ message: 'region not noted', error: String(error) }));
  }
}

/** Whether the region seems healthy; null: nothing says. Where no failure asked for the controls, one pass is proof enough. */
function signOf({ controls, observations }: GroupResult): boolean | null {
  if (controls !== null && controls.tried > 0) return controls.healthy;
  return observations.some(({ passed }) => passed) ? true : null;
}

/** A turn is told twice: when it is first seen, so that it is looked at again, and when it is certain. */
async function tellTurn({ region, health }: RegionRecord, { queues }: ProbeContext): Promise<void> {
  if (health === null || health.at - health.since > NEWS_MS) return;
  const deduplicationId = healthId(region, health.since, isConfirmed(health));
  await queues.sendJudge([{ message: { v: MESSAGE_VERSION, kind: 'watch' }, deduplicationId }]);
}
