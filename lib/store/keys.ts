import { crc32 } from 'node:zlib';
import { parseCohort } from '../endpoint/cohort.ts';
import { tagText } from '../endpoint/tag.ts';

/** The primary key of an item. A type, not an interface, so that it may stand where the SDK wants a plain record. */
export type Key = { readonly pk: string; readonly sk: string };

/** The attributes that put an item into the index. Rounds never carry them: each would cost a second write. */
export type IndexKey = { readonly gsi1pk: string; readonly gsi1sk: string };

/** The name of the one index. */
export const INDEX = 'gsi1';

/** Open incidents are spread over this many index partitions: one takes 1,000 write units a second at most. */
export const OPEN_SHARDS = 8;

/** A month's incidents are spread over this many. */
export const HISTORY_SHARDS = 8;

/** The first cohorts of every interval are in this partition: all there are of most deployments. */
export const COHORTS = 'COHORTS';

/** So many of each interval: 1,024 endpoints, and 112 cohorts of all seven. */
export const FIRST_COHORTS = 16;

/** The cohorts beyond are in partitions of so many of one interval each; see docs/adr/0020. */
export const COHORTS_A_PARTITION = 64;

/** The partition of a block of cohorts beyond the first of an interval. */
export function cohortBlock(intervalSeconds: number, block: number): string {
  return `${COHORTS}#${intervalSeconds}#${block}`;
}

function cohortPartition(cohort: string): string {
  const { intervalSeconds, number } = parseCohort(cohort);
  if (number < FIRST_COHORTS) return COHORTS;
  return cohortBlock(intervalSeconds, Math.floor((number - FIRST_COHORTS) / COHORTS_A_PARTITION));
}

/** Where there may be room for an endpoint, an item an interval. */
export const ROOM = 'ROOM';

/** All regions are in this partition. */
export const REGIONS = 'REGIONS';

/** Mutes of tags and maintenances, few of each, are in this partition. */
export const QUIET = 'QUIET';

/** How their sort keys begin; the tag, or the maintenance's id, follows. */
export const TAG_MUTE_PREFIX = 'TAG#';
export const MAINTENANCE_PREFIX = 'MAINTENANCE#';

/** What is known of the watching itself, and its incidents. */
const WATCH = 'WATCH';

/** What is told as one is in this partition while it is open. */
export const GROUPS = 'GROUPS';

/** How the sort keys of formats that could not be told begin. */
export const UNTOLD_PREFIX = 'UNTOLD#';

/** How the sort keys of incident copies begin. */
export const INCIDENT_PREFIX = 'INCIDENT#';

/** The sort key of what was asked; those of the answers begin with this, and the region follows. */
export const CHECK = 'CHECK';
export const CHECK_ANSWER_PREFIX = 'REGION#';

const ofCheck = (id: string, sk: string): Key => ({ pk: `CHECK#${id}`, sk });

const ofEndpoint = (id: string, sk: string): Key => ({ pk: `ENDPOINT#${id}`, sk });

/** Every key of the table. Times in sort keys are of one width, so that text order is time order. */
export const keys = {
  endpoint: (id: string): Key => ofEndpoint(id, 'ENDPOINT'),
  state: (id: string): Key => ofEndpoint(id, 'STATE'),
  acknowledgement: (id: string): Key => ofEndpoint(id, 'ACK'),
  /** Of what is not of one endpoint: a cause (see causeKey), or the id of an incident of the watching. */
  acknowledgementOf: (what: string): Key => ({ pk: `ACK#${what}`, sk: 'ACK' }),
  mute: (id: string): Key => ofEndpoint(id, 'MUTE'),
  tagMute: (tag: string): Key => ({ pk: QUIET, sk: `${TAG_MUTE_PREFIX}${tag}` }),
  maintenance: (id: string): Key => ({ pk: QUIET, sk: `${MAINTENANCE_PREFIX}${id}` }),
  /** `openedAt`: epoch ms; RFC 3339 in the key. */
  incident: (id: string, openedAt: number): Key =>
    ofEndpoint(id, `${INCIDENT_PREFIX}${new Date(openedAt).toISOString()}`),
  cohort: (cohort: string): Key => ({ pk: cohortPartition(cohort), sk: cohort }),
  room: (intervalSeconds: number): Key => ({ pk: ROOM, sk: String(intervalSeconds) }),
  /** `key`: see roundKey. */
  round: (cohort: string, region: string, key: string): Key => ({ pk: `ROUND#${cohort}#${region}`, sk: key }),
  /** By its first 8 digits: that much of it is in a passing observation. */
  certificate: (sha256: string): Key => ({ pk: `CERT#${sha256.slice(0, 8)}`, sk: sha256 }),
  region: (region: string): Key => ({ pk: REGIONS, sk: region }),
  check: (id: string): Key => ofCheck(id, CHECK),
  checkAnswer: (id: string, region: string): Key => ofCheck(id, `${CHECK_ANSWER_PREFIX}${region}`),
  /** How many checks were asked for in a minute (epoch minutes). */
  checksAsked: (minute: number): Key => ({ pk: 'CHECKS', sk: String(minute) }),
  /** `cause`: see causeKey. */
  group: (cause: string): Key => ({ pk: GROUPS, sk: cause }),
  causeMembers: (cause: string, cohort: string): Key => ({ pk: `CAUSE#${cause}`, sk: cohort }),
  watch: (): Key => ({ pk: WATCH, sk: 'STATE' }),
  judged: (): Key => ({ pk: WATCH, sk: 'JUDGED' }),
  untold: (format: string): Key => ({ pk: WATCH, sk: `${UNTOLD_PREFIX}${format}` }),
  /** `openedAt`: epoch ms; RFC 3339 in the key. */
  watchIncident: (openedAt: number, subject: string): Key => ({
    pk: WATCH,
    sk: `${INCIDENT_PREFIX}${new Date(openedAt).toISOString()}#${subject}`,
  }),
} as const;

/** Lists the endpoints of a cohort. */
export function cohortIndex(cohort: string, id: string): IndexKey {
  return { gsi1pk: `COHORT#${cohort}`, gsi1sk: id };
}

/** Lists the endpoints with a mute of their own. */
export function muteIndex(id: string): IndexKey {
  return { gsi1pk: 'MUTES', gsi1sk: id };
}

/** Lists the endpoints with an open incident. */
export function openIndex(id: string): IndexKey {
  return { gsi1pk: openShard(crc32(id) % OPEN_SHARDS), gsi1sk: id };
}

/** The index partition of a shard, 0 to OPEN_SHARDS - 1. */
export function openShard(shard: number): string {
  return `OPEN#${shard}`;
}

/**
 * Lists all incidents, of endpoints and of the watching, by month and time. A month is spread like the open ones: when a region of
 * 100,000 endpoints goes, as many copies are written within a minute, and one partition takes 1,000 write units a second.
 *
 * @param of - the endpoint's id, or the subject of an incident of the watching.
 */
export function historyIndex(openedAt: number, of: string): IndexKey {
  const time = new Date(openedAt).toISOString();
  return { gsi1pk: historyShard(time.slice(0, 7), crc32(of) % HISTORY_SHARDS), gsi1sk: `${time}#${of}` };
}

/** The index partition of a month (`2026-11`) and a shard, 0 to HISTORY_SHARDS - 1. */
export function historyShard(month: string, shard: number): string {
  return `INCIDENTS#${month}#${shard}`;
}

/** How the attribute of a member of a cohort item begins; the tag as eight hex digits follows. */
export const MEMBER_PREFIX = 'member:';

/** The attribute that holds the claim time of a member. */
export function memberAttribute(tag: number): string {
  return `${MEMBER_PREFIX}${tagText(tag)}`;
}

/** How the attribute of a source address of a region item begins; the address follows. */
export const ADDRESS_PREFIX = 'address:';
