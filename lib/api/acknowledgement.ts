import * as z from 'zod/mini';
import { line, MAX_NAME_CHARACTERS, MAX_NOTE_CHARACTERS } from '../endpoint/schema.ts';
import type { Acknowledgement } from '../incident/state.ts';
import { removeAcknowledgement } from '../store/acknowledgement.ts';
import { type Acknowledgeable, acknowledgeable, ofEndpoint } from './acknowledgeable.ts';
import { type Answer, type Api, type RouteHandler, text, textOrNull } from './api.ts';
import { readEndpoint } from './endpoints.ts';
import { Problem } from './problem.ts';
import { type ApiRequest, existingId, onlyParameters, shown } from './request.ts';
import { untilTold, withUntil } from './until.ts';

/** Whoever looks after something for longer has forgotten it. */
const MAX_ACKNOWLEDGED_DAYS = 30;

export const acknowledgementInput = z.strictObject({
  by: line('by', MAX_NAME_CHARACTERS),
  note: z.optional(line('note', MAX_NOTE_CHARACTERS)),
  until: z.optional(z.iso.datetime({ offset: true, error: untilTold(MAX_ACKNOWLEDGED_DAYS) })),
});

export function acknowledgementJson({ by, note, at, until }: Acknowledgement) {
  return { by, note, at: text(at), until: textOrNull(until) };
}

/** Somebody looks after the open incident: it is no longer reminded of, until a time or its end. In place of the one before. */
export const putAcknowledgementOfOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = existingId(request);
  const said = saidIn(request, api);
  const endpoint = await readEndpoint(api, id);
  const target = await ofEndpoint(api, endpoint);
  if (!target) throw new Problem(409, `endpoint ${id} has no open incident: there is nothing to acknowledge`);
  return put(target, said);
};

/** Nobody looks after it any more: it is reminded of again. */
export const deleteAcknowledgement: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const endpoint = await readEndpoint(api, existingId(request));
  await removeAcknowledgement(api.table, endpoint.id);
  await (await ofEndpoint(api, endpoint))?.remove();
  return { status: 204 };
};

/** The same by the dedupKey of its alerts: of an endpoint, of many that are told as one, or of the watching. */
export const putAcknowledgementOfIncident: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const said = saidIn(request, api);
  return put(await ofIncident(request, api), said);
};

export const deleteAcknowledgementOfIncident: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  await (await ofIncident(request, api)).remove();
  return { status: 204 };
};

async function put(target: Acknowledgeable, said: Acknowledgement): Promise<Answer> {
  await target.put(said);
  return { status: 200, body: { incident: target.incident, ...acknowledgementJson(said) } };
}

/** @throws Problem 404 */
async function ofIncident({ rawDedupKey }: ApiRequest, api: Api): Promise<Acknowledgeable> {
  const target = await acknowledgeable(api, rawDedupKey);
  if (target) return target;
  throw new Problem(
    404,
    `there is no open incident ${JSON.stringify(shown(rawDedupKey))}: it may be over, see GET /incidents`,
  );
}

function saidIn(request: ApiRequest, api: Api): Acknowledgement {
  const at = api.now();
  const rule = { nowMs: at, maxDays: MAX_ACKNOWLEDGED_DAYS };
  const { said, untilMs } = withUntil(acknowledgementInput, request.body(), rule);
  const { by, note = null } = said;
  return { by, note, at, until: untilMs };
}
