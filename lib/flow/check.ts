import { ANSWER_WITHIN_MS } from '../endpoint/check.ts';
import { climbEach, type Try } from '../probe/group.ts';
import type { CheckOrder } from '../queue/message.ts';
import { hasAnswered, putCheckAnswer } from '../store/check.ts';
import type { Probed } from './made.ts';
import type { ProbeContext } from './probe-context.ts';

/** Whoever asked waits 15 s in all: a try that does not get its turn in this time is given up. */
const START_WITHIN_MS = 5000;

/** No endpoint has it that anybody looks for: what a check sees is kept apart from rounds. */
const NO_TAG = 0;

/**
 * Tries what somebody asks for once, and keeps what came of it. It is nobody's round: no state, attention or news comes of it. What
 * is delivered when nobody waits any more is not tried: it would not be "now".
 * @throws when it could not be kept; delivered again it is too late then.
 */
export async function check(
  order: CheckOrder,
  receiveCount: number,
  context: ProbeContext,
  counts: Probed,
): Promise<void> {
  const { table, prober, now, environment } = context;
  const { id, askedAt, target } = order;
  const { region } = environment;
  if (now() - askedAt > ANSWER_WITHIN_MS) {
    counts.tooLate += 1;
    return;
  }
  if (receiveCount > 1 && (await hasAnswered(table, id, region))) {
    counts.stored += 1;
    return;
  }
  // One second for all regions, so that they try the same address of an answer.
  const rotation = Math.floor(askedAt / 1000);
  const one: Try = {
    target: { ...target, tag: NO_TAG },
    address: null,
    pin: 'if_resolved',
    orOther: false,
    rotation,
  };
  const patience = { sickAtMs: context.sickAtMs, startWithinMs: START_WITHIN_MS };
  const { attempts } = await climbEach([one], { ...prober, ...patience });
  const [attempt] = attempts;
  if (!attempt) throw new Error('a try came to nothing', { cause: { id, target } });
  const { observation, tls, certificate } = attempt;
  counts.tried = 1;
  counts.failed = observation.passed ? 0 : 1;
  const sourceAddress = prober.sourceAddress();
  const answer = { region, observation, tls, certificate, sourceAddress };
  if (!(await putCheckAnswer(table, id, answer))) counts.stored += 1;
}
