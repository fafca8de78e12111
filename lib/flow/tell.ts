import { render } from '../alert/alert.ts';
import type { AlertFormat } from '../deployment/configuration.ts';
import { dropFinished, markCopied, markTold } from '../incident/judge.ts';
import type { EndpointState, Transition } from '../incident/state.ts';
import { putIncident } from '../store/incident.ts';
import { save } from './judge.ts';
import type { JudgeContext } from './judge-context.ts';

/**
 * Writes the history copies and publishes what is in the outboxes, oldest first, each format marked once told. A topic that
 * refuses for good (deleted, no permission) holds up nobody: it stays in the outbox, and the sweep tries it again.
 * @throws after everything else was told, when a topic could not be reached: the message is delivered again.
 */
export async function tell(states: Map<string, EndpointState>, context: JudgeContext): Promise<void> {
  const troubles: unknown[] = [];
  for (const [id, judged] of states) {
    let state = judged;
    if (state.uncopied.length > 0) {
      for (const incident of state.uncopied) await putIncident(context.table, id, incident);
      state = markCopied(
        state,
        state.uncopied.map((incident) => incident.id),
      );
    }
    for (const { transition, told } of state.outbox) {
      for (const format of context.formats) {
        if (told.includes(format)) continue;
        try {
          await publish(format, transition, context);
          state = await save(markTold(state, transition, format), context);
        } catch (error) {
          if (!isPermanent(error)) troubles.push(error);
          console.error(
            JSON.stringify({
              message: 'alert not published',
              id,
              format,
              event: transition.event,
              error: String(error),
            }),
          );
        }
      }
    }
    state = dropFinished(state, context.formats);
    states.set(id, state === judged || sameBut(state, judged) ? state : await save(state, context));
  }
  if (troubles.length > 0)
    throw new Error(`${troubles.length} alerts could not be published yet`, { cause: troubles[0] });
}

function sameBut(one: EndpointState, other: EndpointState): boolean {
  return one.version === other.version && one.outbox === other.outbox && one.uncopied === other.uncopied;
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
