import * as z from 'zod/mini';
import { fieldErrors } from '../endpoint/field-error.ts';
import { line } from '../endpoint/schema.ts';
import { putMute, removeMute } from '../store/mute.ts';
import { type RouteHandler, text } from './api.ts';
import { readEndpoint } from './endpoints.ts';
import { badFields } from './problem.ts';
import { existingId, onlyParameters } from './request.ts';
import { nudge } from './tell.ts';
import { parseTime } from './time.ts';

export const MAX_NOTE_CHARACTERS = 500;
/** A mute that never ends is a disabled endpoint. */
const MAX_MUTE_MS = 366 * 86_400_000;

const UNTIL =
  'until must be an RFC 3339 time in the future, at most 366 days ahead, such as 2026-01-31T12:00:00Z';

export const muteInput = z.strictObject({
  until: z.iso.datetime({ offset: true, error: UNTIL }),
  note: z.optional(line('note', MAX_NOTE_CHARACTERS)),
});

/** Nothing is told of the endpoint until then; in place of the mute before it. */
export const putMuteOfOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = existingId(request);
  const parsed = muteInput.safeParse(request.body());
  if (!parsed.success) throw badFields(fieldErrors(parsed.error, Object.keys(muteInput.shape)));
  const { until, note = null } = parsed.data;
  const untilMs = parseTime(until);
  const nowMs = api.now();
  if (untilMs === null || untilMs <= nowMs || untilMs > nowMs + MAX_MUTE_MS) {
    throw badFields([{ pointer: '#/until', message: UNTIL }]);
  }
  const { cohort } = await readEndpoint(api, id);
  const mute = { until: text(untilMs), note, at: text(nowMs) };
  await putMute(api.table, id, mute);
  await nudge(api, [cohort]);
  return { status: 200, body: mute };
};

/** What is still wrong is told from now on. */
export const deleteMute: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const { id, cohort } = await readEndpoint(api, existingId(request));
  await removeMute(api.table, id);
  await nudge(api, [cohort]);
  return { status: 204 };
};
