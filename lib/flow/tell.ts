import { render } from '../alert/alert.ts';
import type { AlertFormat } from '../deployment/configuration.ts';
import { dropFinished, markCopied, markTold } from '../incident/judge.ts';
import type { EndpointState, Transition } from '../incident/state.ts';
import { putIncident } from '../store/incident.ts';
import type { JudgeContext } from './judge-context.ts';
import { save } from './save.ts';

/**
 * Publishes what is in the outboxes, oldest first, each format marked once told, and writes the history copies. What a topic has
 * not been told yet holds up what comes after it in the same format, so that no resolve overtakes its trigger; other
 * formats and endpoints are not held up. A topic that refuses for good (deleted, no permission) is tried again by the sweep.
 * @throws after everything else was told, when something could not be reached: the message is delivered again.
 */
export async function tell(states: Map<string, EndpointState>, context: JudgeContext): Promise<void> {
  const troubles: unknown[] = [];
  for (const [id, judged] of states) {
    try {
      const told = await publishAll(judged, context, troubles);
      for (const incident of told.uncopied) await putIncident(context.table, id, incident);
      const copied = markCopied(
        told,
        told.uncopied.map((incident) => incident.id),
      );
      const done = dropFinished(copied, context.formats);
      states.set(id, done === told ? told : await save(done, context));
    } catch (error) {
      troubles.push(error);
      console.error(JSON.stringify({ message: 'endpoint not told', id, error: String(error) }));
    }
  }
  if (troubles.length > 0)
    throw new Error(`${troubles.length} alerts or copies could not be finished yet`, { cause: troubles[0] });
}

/** The state with everything marked that was told. @throws when that could not be saved. */
async function publishAll(
  judged: EndpointState,
  context: JudgeContext,
  troubles: unknown[],
): Promise<EndpointState> {
  let state = judged;
  const stuck = new Set<AlertFormat>();
  for (const { transition, told } of judged.outbox) {
    for (const format of context.formats) {
      if (told.includes(format) || stuck.has(format)) continue;
      try {
        await publish(format, transition, context);
      } catch (error) {
        stuck.add(format);
        if (!isPermanent(error)) troubles.push(error);
        const { event, endpoint } = transition;
        console.error(
          JSON.stringify({
            message: 'alert not published',
            id: endpoint.id,
            format,
            event,
            error: String(error),
          }),
        );
        continue;
      }
      state = await save(markTold(state, transition, format), context);
    }
  }
  return state;
}

async function publish(format: AlertFormat, transition: Transition, context: JudgeContext): Promise<void> {
  const { deployment, controls, topicArns } = context.environment;
  const alert = render(format, transition, { ...deployment, hasControls: controls.length > 0 });
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
