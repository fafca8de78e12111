import { render, type Told } from '../alert/alert.ts';
import type { AlertFormat } from '../deployment/configuration.ts';
import { dropFinished, markCopied, markTold } from '../incident/judge.ts';
import type { Telling } from '../incident/mark.ts';
import type { EndpointState, Outgoing } from '../incident/state.ts';
import { putIncident } from '../store/incident.ts';
import { noteUntold } from '../store/untold.ts';
import type { CohortContext, JudgeContext } from './judge-context.ts';
import { save } from './save.ts';

/** One process judges many endpoints of one outage. */
const NOTE_UNTOLD_EVERY_MS = 20_000;

/**
 * Tells what each state has to tell; one that fails holds up no other.
 * @throws after everything else was told, when something could not be reached: the message is delivered again.
 */
export async function tell(states: Map<string, EndpointState>, context: CohortContext): Promise<void> {
  const troubles: unknown[] = [];
  for (const [id, judged] of states) {
    const keeping: Keeping<EndpointState> = {
      save: (state) => save(state, context),
      copy: async ({ uncopied }) => {
        for (const incident of uncopied) await putIncident(context.table, id, incident);
      },
    };
    try {
      states.set(id, await tellOne(judged, keeping, context, troubles));
    } catch (error) {
      troubles.push(error);
      console.error(JSON.stringify({ message: 'endpoint not told', id, error: String(error) }));
    }
  }
  if (troubles.length > 0)
    throw new Error(`${troubles.length} alerts or copies could not be finished yet`, { cause: troubles[0] });
}

/** A state with an outbox. */
type Teller = Telling & { readonly outbox: readonly Outgoing<Told>[] };

/** How what has been told is kept. */
export interface Keeping<S> {
  /** As the next version. @throws when another judge was faster. */
  save(state: S): Promise<S>;
  /** Writes the history copies of `uncopied`. */
  copy(state: S): Promise<void>;
}

/**
 * Publishes what is in the outbox, oldest first, each format marked once told, and writes the history copies. What a topic has
 * not been told yet holds up what comes after it in the same format, so that no resolve overtakes its trigger; other
 * formats are not held up. A topic that refuses for good (deleted, no permission) is tried again by the sweep.
 *
 * @param troubles - gets what could not be published and may be when it is tried again.
 * @returns the state as it was saved last. @throws when it could not be saved or copied.
 */
export async function tellOne<S extends Teller>(
  judged: S,
  keeping: Keeping<S>,
  context: JudgeContext,
  troubles: unknown[],
): Promise<S> {
  const told = await publishAll(judged, keeping, context, troubles);
  if (told.uncopied.length > 0) await keeping.copy(told);
  const copied = markCopied(
    told,
    told.uncopied.map(({ id }) => id),
  );
  const done = dropFinished(copied, context.formats);
  return done === told ? told : keeping.save(done);
}

async function publishAll<S extends Teller>(
  judged: S,
  keeping: Keeping<S>,
  context: JudgeContext,
  troubles: unknown[],
): Promise<S> {
  let state = judged;
  const stuck = new Set<AlertFormat>();
  for (const { transition, told } of judged.outbox) {
    for (const format of context.formats) {
      if (told.includes(format) || stuck.has(format)) continue;
      try {
        await publish(format, transition, context);
      } catch (error) {
        stuck.add(format);
        await noteStuck(format, context);
        if (!isPermanent(error)) troubles.push(error);
        const { event, dedupKey } = transition;
        console.error(
          JSON.stringify({ message: 'alert not published', dedupKey, format, event, error: String(error) }),
        );
        continue;
      }
      state = await keeping.save(markTold(state, transition, format));
    }
  }
  return state;
}

/** Of all that cannot be told in an outage of a topic one note in a while is enough, and it is not worth more trouble. */
async function noteStuck(format: AlertFormat, { table, untoldNoted, now }: JudgeContext): Promise<void> {
  const at = now();
  if (at - (untoldNoted.get(format) ?? Number.NEGATIVE_INFINITY) < NOTE_UNTOLD_EVERY_MS) return;
  untoldNoted.set(format, at);
  try {
    await noteUntold(table, format, at);
  } catch (error) {
    console.warn(JSON.stringify({ message: 'untold format not noted', format, error: String(error) }));
  }
}

async function publish(format: AlertFormat, transition: Told, context: JudgeContext): Promise<void> {
  const { deployment, controls, topicArns } = context.environment;
  const alert = render(format, transition, { ...deployment, controls });
  const topicArn = topicArns[format];
  if (alert && topicArn) await context.topics.publish(topicArn, alert);
}

/** SNS's words for "this will never work": retrying at once would only hold up the cohort. */
const PERMANENT = new Set([
  'NotFoundException',
  'NotFound',
  'AuthorizationErrorException',
  'AuthorizationError',
  'InvalidParameterException',
  'InvalidParameter',
  'InvalidParameterValueException',
]);

function isPermanent(error: unknown): boolean {
  return error instanceof Error && PERMANENT.has(error.name);
}
