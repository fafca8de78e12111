import type { Endpoint } from './endpoint.ts';
import { concerns, type Maintenance, windowAt } from './maintenance.ts';

/** Nothing is told until then. Times are RFC 3339 UTC. */
export interface Mute {
  readonly until: string;
  readonly note: string | null;
  /** When it was muted. */
  readonly at: string;
}

/** A mute of every endpoint that has a tag. */
export interface TagMute extends Mute {
  readonly tag: string;
}

/** What users have said that keeps endpoints quiet. */
export interface QuietPlans {
  readonly tagMutes: readonly TagMute[];
  readonly maintenances: readonly Maintenance[];
}

export interface Quiet {
  readonly reason: 'mute' | 'tag_mute' | 'maintenance';
  /** Of the endpoint, the tag or the maintenance. */
  readonly id: string;
  readonly note: string | null;
  /** Nothing is told before this, epoch ms. */
  readonly untilMs: number;
}

/** What follows on each other longer than so is looked at again when it is over so far. */
const MOST_IN_A_ROW = 100;

/**
 * Why nothing may be told of an endpoint now, and until when: mutes and windows that overlap or follow on each other count as one. Of
 * several the reason is what lasts longest. Null: what is wrong may be told.
 *
 * @param mute - of the endpoint itself.
 */
export function quietOf(
  endpoint: Pick<Endpoint, 'id' | 'tags'>,
  mute: Mute | null,
  { tagMutes, maintenances }: QuietPlans,
  nowMs: number,
): Quiet | null {
  const mutes: Quiet[] = [
    ...(mute ? [ofMute('mute', endpoint.id, mute)] : []),
    ...tagMutes
      .filter(({ tag }) => endpoint.tags.includes(tag))
      .map((one) => ofMute('tag_mute', one.tag, one)),
  ];
  const planned = maintenances.filter((one) => concerns(one, endpoint));
  const longestAt = (atMs: number): Quiet | null =>
    [...mutes, ...planned.flatMap((one) => ofWindow(one, atMs))]
      .filter(({ untilMs }) => untilMs > atMs)
      .reduce<Quiet | null>((best, one) => (best && best.untilMs >= one.untilMs ? best : one), null);
  const first = longestAt(nowMs);
  if (!first) return null;
  let { untilMs } = first;
  for (let row = 0; row < MOST_IN_A_ROW; row += 1) {
    const next = longestAt(untilMs);
    if (!next) break;
    untilMs = next.untilMs;
  }
  return { ...first, untilMs };
}

function ofMute(reason: Quiet['reason'], id: string, { note, until }: Mute): Quiet {
  return { reason, id, note, untilMs: Date.parse(until) };
}

function ofWindow(maintenance: Maintenance, atMs: number): Quiet[] {
  const { id, note } = maintenance;
  const window = windowAt(maintenance, atMs);
  return window ? [{ reason: 'maintenance', id, note, untilMs: window.untilMs }] : [];
}
