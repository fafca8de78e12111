import * as z from 'zod/mini';
import { fieldErrors } from '../endpoint/field-error.ts';
import { line, MAX_NAME_CHARACTERS, MAX_NOTE_CHARACTERS } from '../endpoint/schema.ts';
import type { Acknowledgement } from '../incident/state.ts';
import { putAcknowledgement, removeAcknowledgement } from '../store/acknowledgement.ts';
import { statesOf } from '../store/state.ts';
import { type RouteHandler, text, textOrNull } from './api.ts';
import { readEndpoint } from './endpoints.ts';
import { badFields, Problem } from './problem.ts';
import { existingId, onlyParameters } from './request.ts';
import { nudge } from './tell.ts';
import { parseTime } from './time.ts';

/** Whoever looks after something for longer has forgotten it. */
const MAX_ACKNOWLEDGED_MS = 30 * 86_400_000;

const UNTIL =
  'until must be an RFC 3339 time in the future, at most 30 days ahead, such as 2026-01-31T12:00:00Z';

export const acknowledgementInput = z.strictObject({
  by: line('by', MAX_NAME_CHARACTERS),
  note: z.optional(line('note', MAX_NOTE_CHARACTERS)),
  until: z.optional(z.iso.datetime({ offset: true, error: UNTIL })),
});

export function acknowledgementJson({ by, note, at, until }: Acknowledgement) {
  return { by, note, at: text(at), until: textOrNull(until) };
}

/** Somebody looks after the open incident: it is no longer reminded of, until a time or its end. In place of the one before. */
export const putAcknowledgementOfOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = existingId(request);
  const parsed = acknowledgementInput.safeParse(request.body());
  if (!parsed.success) throw badFields(fieldErrors(parsed.error, Object.keys(acknowledgementInput.shape)));
  const { by, note = null } = parsed.data;
  const at = api.now();
  const until = untilOf(parsed.data.until, at);
  const { cohort } = await readEndpoint(api, id);
  const incident = (await statesOf(api.table, [id])).get(id)?.incident;
  if (!incident)
    throw new Problem(409, `endpoint ${id} has no open incident: there is nothing to acknowledge`);
  const acknowledgement = { by, note, at, until };
  await putAcknowledgement(api.table, id, acknowledgement);
  await nudge(api, [cohort]);
  return { status: 200, body: { incident: incident.id, ...acknowledgementJson(acknowledgement) } };
};

/** Nobody looks after it any more: it is reminded of again. */
export const deleteAcknowledgement: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const { id, cohort } = await readEndpoint(api, existingId(request));
  await removeAcknowledgement(api.table, id);
  await nudge(api, [cohort]);
  return { status: 204 };
};

function untilOf(written: string | undefined, nowMs: number): number | null {
  if (written === undefined) return null;
  const untilMs = parseTime(written);
  if (untilMs === null || untilMs <= nowMs || untilMs > nowMs + MAX_ACKNOWLEDGED_MS) {
    throw badFields([{ pointer: '#/until', message: UNTIL }]);
  }
  return untilMs;
}
