import * as z from 'zod/mini';
import type { Mute } from '../endpoint/quiet.ts';
import { line, MAX_NOTE_CHARACTERS, MAX_TAG_CHARACTERS, tag } from '../endpoint/schema.ts';
import { allMutes, putMute, removeMute } from '../store/mute.ts';
import { MAX_PLANS, putTagMute, quietPlans, removeTagMute } from '../store/quiet.ts';
import { type Api, type RouteHandler, text } from './api.ts';
import { readEndpoint } from './endpoints.ts';
import { badParameter, Problem } from './problem.ts';
import { type ApiRequest, existingId, onlyParameters } from './request.ts';
import { nudge, nudgeAbout } from './tell.ts';
import { untilTold, withUntil } from './until.ts';

/** A mute that never ends is a disabled endpoint. */
const MAX_MUTE_DAYS = 366;

export const muteInput = z.strictObject({
  until: z.iso.datetime({ offset: true, error: untilTold(MAX_MUTE_DAYS) }),
  note: z.optional(line('note', MAX_NOTE_CHARACTERS)),
});

/** Nothing is told of the endpoint until then; in place of the mute before it. */
export const putMuteOfOne: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const id = existingId(request);
  const mute = muteOf(request, api);
  const { cohort } = await readEndpoint(api, id);
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

/** Nothing is told until then of whatever has the tag, now or later; in place of the mute before it. */
export const putMuteOfTag: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const tag = tagIn(request);
  const mute = muteOf(request, api);
  const { tagMutes } = await quietPlans(api.table);
  if (tagMutes.length >= MAX_PLANS && !tagMutes.some((one) => one.tag === tag)) {
    throw new Problem(409, `${MAX_PLANS} tags are muted, and no more can be: see GET /mutes`);
  }
  await putTagMute(api.table, { tag, ...mute });
  await nudgeAbout(api, ({ tags }) => tags.includes(tag));
  return { status: 200, body: { endpoint: null, tag, ...mute } };
};

/** What is still wrong is told from now on. */
export const deleteTagMute: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const tag = tagIn(request);
  await removeTagMute(api.table, tag);
  await nudgeAbout(api, ({ tags }) => tags.includes(tag));
  return { status: 204 };
};

/** Every mute that holds now, what ends first first. */
export const getMutes: RouteHandler = async (request, api) => {
  onlyParameters(request, []);
  const [mutes, { tagMutes }] = await Promise.all([allMutes(api.table), quietPlans(api.table)]);
  const items = [
    ...[...mutes].map(([endpoint, mute]) => ({ endpoint, tag: null, ...mute })),
    ...tagMutes.map((mute) => ({ endpoint: null, ...mute })),
  ];
  return { status: 200, body: { items: items.sort((a, b) => (a.until < b.until ? -1 : 1)), next: null } };
};

function muteOf(request: ApiRequest, api: Api): Mute {
  const nowMs = api.now();
  const { said, untilMs } = withUntil(muteInput, request.body(), { nowMs, maxDays: MAX_MUTE_DAYS });
  // The schema requires it.
  const until = untilMs === null ? said.until : text(untilMs);
  return { until, note: said.note ?? null, at: text(nowMs) };
}

function tagIn({ rawTag }: ApiRequest): string {
  if (tag('tag').safeParse(rawTag).success) return rawTag;
  throw badParameter(
    'tag',
    `must be 1 to ${MAX_TAG_CHARACTERS} characters, percent-encoded, none of / \\ ? # % or a control, and not dots alone`,
  );
}
