import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod/mini';
import { type Drill, renderDrill } from '../alert/drill.ts';
import { ALERT_FORMATS, type AlertFormat } from '../deployment/configuration.ts';
import { fieldErrors } from '../endpoint/field-error.ts';
import { line, MAX_TAG_CHARACTERS } from '../endpoint/schema.ts';
import { SEVERITIES } from '../verdict/verdict.ts';
import { type Api, type RouteHandler, text } from './api.ts';
import { badFields } from './problem.ts';
import { type ApiRequest, onlyParameters } from './request.ts';

/** SNS keeps no order: a resolve that is published at once may arrive before its trigger, which then stays open. */
const BETWEEN_MS = 2000;

export const drillInput = z.strictObject({
  severity: z._default(z.enum(SEVERITIES, { error: 'severity must be P1, P2 or P3' }), 'P3'),
  team: z.optional(line('team', MAX_TAG_CHARACTERS)),
});

/** Tells a test alert in every configured format, and says who was there to hear it. A topic that fails holds up no other. */
export const postDrill: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const { severity, team = null } = inputOf(request);
  const drill: Drill = { id: `test.${randomUUID()}`, at: api.now(), severity, team };
  const { topicArns } = api.environment;
  const formats = await Promise.all(
    ALERT_FORMATS.flatMap((format) => {
      const topicArn = topicArns[format];
      return topicArn === undefined ? [] : [inFormat(format, topicArn, drill, api)];
    }),
  );
  const unheard = formats.filter(({ subscriptions }) => subscriptions?.confirmed === 0);
  const body = {
    id: drill.id,
    at: text(drill.at),
    formats,
    topicsWithoutSubscriber: unheard.map(({ topic }) => topic),
  };
  return { status: 200, body };
};

function inputOf(request: ApiRequest): z.infer<typeof drillInput> {
  const parsed = drillInput.safeParse(request.isEmpty ? {} : request.body());
  if (!parsed.success) throw badFields(fieldErrors(parsed.error, Object.keys(drillInput.shape)));
  return parsed.data;
}

async function inFormat(format: AlertFormat, topic: string, drill: Drill, api: Api) {
  const [error, subscriptions] = await Promise.all([
    publish(format, topic, drill, api),
    api.topics.subscriptions(topic).catch((error: unknown) => {
      console.error(JSON.stringify({ message: 'subscriptions unknown', topic, error: String(error) }));
      return null;
    }),
  ]);
  return { format, topic, published: error === null, error, subscriptions };
}

/** @returns what SNS said; null: all was published. */
async function publish(
  format: AlertFormat,
  topic: string,
  drill: Drill,
  { environment, topics }: Api,
): Promise<string | null> {
  const { deployment, controls } = environment;
  const messages = renderDrill(format, drill, { ...deployment, controls });
  try {
    for (const [index, message] of messages.entries()) {
      if (index > 0) await pause(BETWEEN_MS);
      await topics.publish(topic, message);
    }
    return null;
  } catch (error) {
    console.error(JSON.stringify({ message: 'drill not published', format, topic, error: String(error) }));
    return error instanceof Error ? error.name : String(error);
  }
}
