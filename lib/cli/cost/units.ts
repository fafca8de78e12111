/**
 * What watching takes of AWS, as counted with the real functions against the emulator (`npm run bench -- units`); a test counts again and
 * compares, so that none of it drifts. DynamoDB's own rules make units of bytes: a write takes one for each begun kB, a consistent
 * read one for each begun 4 kB ("Read/write capacity", developer guide); of a query the items are added up first.
 */

/** Bytes of what is stored, names included; a little more than measured where it depends on what things are called. */
export const BYTES = {
  /** A cohort, and each of its members: what dispatch and watchdog pay for. */
  cohort: 40,
  member: 23,
  /** A round with its keys, a passing observation over IPv4 (each with an address of its own), a failing one in full. */
  round: 78,
  passing: 27,
  failing: 230,
  endpoint: 380,
} as const;

/** Cohorts of an interval that are in one partition, and of those beyond; see lib/store/keys.ts. */
const FIRST_PARTITION = 16;
const PARTITION = 64;
const SWEEP_WINDOW_SECONDS = 180;

const kb = (bytes: number): number => Math.ceil(bytes / 1024);
const fourKb = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4096));

/** Write units of one round of a cohort. */
export function roundWriteUnits(members: number, failing = 0): number {
  return kb(BYTES.round + BYTES.passing * (members - failing) + BYTES.failing * failing);
}

/** Read units of looking at all cohorts: each region does so each minute, and the watchdog. @param cohorts their sizes */
export function cohortsReadUnits(cohorts: readonly number[]): number {
  const bytes = cohorts.reduce((sum, members) => sum + BYTES.cohort + BYTES.member * members, 0);
  // Every further partition rounds up once more; half a unit is what that comes to.
  const partitions = Math.max(0, Math.ceil((cohorts.length - FIRST_PARTITION) / PARTITION));
  return fourKb(bytes) + Math.ceil(partitions / 2);
}

/** Read units of the sweep of a quiet cohort whose judge has it in memory. */
export function sweepReadUnits(members: number, regions: number, intervalSeconds: number): number {
  const rounds = Math.floor(
    (Math.max(3 * intervalSeconds, SWEEP_WINDOW_SECONDS) + intervalSeconds) / intervalSeconds,
  );
  return 1 + regions * fourKb(rounds * (BYTES.round + BYTES.passing * members));
}

/** Read units of reading a cohort's endpoints: by a process that has not seen it, or again after half an hour. */
export function loadReadUnits(members: number, known: boolean): number {
  const listed = 1 + fourKb(BYTES.endpoint * members) / 2;
  return known ? listed : listed + members;
}

/** What is counted and does not depend on how many endpoints there are. */
export const COUNTED = {
  countedOn: '2026-11-21',
  /** Each region, each minute. One SendMessageBatch for each ten messages. */
  dispatch: { invocations: 1, tableRequests: 1 },
  /** Home, each minute, without its look at the cohorts: is there anything told as one, does the judge follow. */
  watchdog: { invocations: 1, readUnits: 2, queueRequests: 1 },
  /** Home, each fifth minute: the dead-letter queues of the judge and of each region. */
  deadLetters: { queueRequests: 1, queueRequestsPerRegion: 1 },
  /** Home, each minute: the watching is judged. */
  watch: { invocations: 1, readUnits: 3, writeUnits: 1 },
  /** Each region and round of a cohort, besides what it writes: what is known to fail here. */
  round: { readUnits: 1 },
  /** Each prober's process, each minute: that it lives. */
  note: { writeUnits: 1 },
  /** Each cohort, each fifth minute. */
  sweep: { invocations: 1 },
  /** Each endpoint that fails, each region and round, while it does: its state, twice as large as that of a quiet one. */
  failing: { readUnits: 2 },
  /**
   * One endpoint that is filtered from all six regions, from the first failing try until it is told, and from the first passing one until that is:
   * judgements, retries and the waves that ask the other regions. Of a cohort of ten; in a full one 1,200 read units. Write units of the index
   * included; publishes are for each format.
   */
  incident: { invocations: 130, readUnits: 815, writeUnits: 296, queueRequests: 126, publishes: 2 },
  /** Messages that one invocation of the judge takes; SQS gives up to ten. Counted here as one each. */
  judgeBatch: 1,
} as const;
