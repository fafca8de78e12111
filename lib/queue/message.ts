import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { checkTarget } from '../endpoint/check.ts';

/** Messages carry this; a receiver that meets another says so and leaves the message to the dead-letter queue. */
export const MESSAGE_VERSION = 1;

const version = z.literal(MESSAGE_VERSION);
const epochSeconds = z.int().check(z.nonnegative());
const epochMs = z.number();
const tag = z.int().check(z.nonnegative());

/** One endpoint to try again. `address` null: any of the answer (rotated by the slot). */
const again = z.object({
  /** The endpoint's id: it is read by its key, so that no index can lag behind. */
  id: z.string(),
  tag,
  address: z.nullable(z.string()),
  /** When the try that made the news began, epoch ms. */
  newsAt: epochMs,
  /** The chain ends once this has passed; see lib/round/news.ts. */
  untilMs: epochMs,
  /** True when the news was a failure: the news is false once a try passes (and the other way round). */
  failed: z.boolean(),
});

/** dispatch → probe: climb once for a slot of each of these cohorts, at `dueMs`. */
const probe = z.object({
  v: version,
  kind: z.literal('probe'),
  dueMs: epochMs,
  cohorts: z.array(
    z.object({
      cohort: z.string(),
      /** The slot, or the second due when only what fails is tried. */
      slot: epochSeconds,
      /** `failing`: only what is in `attention`; so a slow cohort's open incidents are tried each minute. */
      part: z.enum(['all', 'failing']),
      /** The cohort's `plan` when this was sent: a prober's cached endpoints are good when they are of this plan. */
      plan: z.int(),
      /** Tags known to fail from this region: their failing address is tried as long as DNS gives it. */
      attention: z.array(tag),
    }),
  ),
});

/** probe → itself: the same addresses again, fresh ports. */
const retry = z.object({
  v: version,
  kind: z.literal('retry'),
  cohort: z.string(),
  /** When to try, epoch ms; `due` of the round's key is its second. May lie further ahead than one delay: hop. */
  dueMs: epochMs,
  chain: z.string(),
  tries: z.array(again),
});

/** judge or api → probe of one region: try these now; if that fails, one other address of your own answer. */
const confirm = z.object({
  v: version,
  kind: z.literal('confirm'),
  cohort: z.string(),
  due: epochSeconds,
  suspicion: z.string(),
  tries: z.array(
    z.object({
      id: z.string(),
      tag,
      address: z.nullable(z.string()),
      /** True when it is known to fail in that region: another address that passes would prove nothing. Absent: false. */
      known: z.optional(z.boolean()),
      /** True when the address listens elsewhere, and is to be tried whatever DNS gives here. Absent: false. */
      elsewhere: z.optional(z.boolean()),
      /** The try it is about: whatever clock, what is seen now was seen after it. Epoch ms; absent: not known. */
      after: z.optional(epochMs),
    }),
  ),
});

/** probe → itself: a packed round that could not be written home. Only written and nudged, never probed. */
const write = z.object({
  v: version,
  kind: z.literal('write'),
  cohort: z.string(),
  region: z.string(),
  key: z.string(),
  /** base64 of the two packed attributes; failing is null when there was none. */
  passing: z.string(),
  failing: z.nullable(z.string()),
  /** How often it has been put back; the delay doubles from 60 s to 15 min. */
  attempt: z.int(),
});

/** judge → probe of one region: try the controls alone, at `dueMs`, and note what they say. */
const controls = z.object({ v: version, kind: z.literal('controls'), dueMs: epochMs });

/** api → probe of one region: try this once, now, and keep what came of it for whoever asked. The judge never hears of it. */
const check = z.object({
  v: version,
  kind: z.literal('check'),
  id: z.string(),
  askedAt: epochMs,
  target: checkTarget,
});

export const probeMessage = z.discriminatedUnion('kind', [probe, retry, confirm, write, controls, check]);
export type ProbeMessage = z.infer<typeof probeMessage>;
export type ProbeOrder = z.infer<typeof probe>;
export type RetryOrder = z.infer<typeof retry>;
export type ConfirmOrder = z.infer<typeof confirm>;
export type WriteOrder = z.infer<typeof write>;
export type ControlsOrder = z.infer<typeof controls>;
export type CheckOrder = z.infer<typeof check>;
export type Again = z.infer<typeof again>;

/** probe or api → judge: look at this cohort; `rounds` name what made the news (older ones than the window too). */
const news = z.object({
  v: version,
  kind: z.literal('news'),
  cohort: z.string(),
  rounds: z.array(z.object({ region: z.string(), key: z.string() })),
});

/** watchdog → judge: look at this cohort whatever has happened. */
const sweep = z.object({ v: version, kind: z.literal('sweep'), cohort: z.string() });

/** watchdog or probe → judge: look at the watching itself. */
const watch = z.object({
  v: version,
  kind: z.literal('watch'),
  /** Of the fastest cohort that has members; null: there is none; absent: the sender has not looked. */
  intervalSeconds: z.optional(z.nullable(z.int())),
  /** When the watchdog sent it, epoch ms; absent: a prober did. */
  sentMs: z.optional(epochMs),
  /** What the dead-letter queues hold; region null: the judge's. A queue that could not be read, or all: absent. */
  deadLetters: z.optional(
    z.array(z.object({ region: z.nullable(z.string()), messages: z.int().check(z.nonnegative()) })),
  ),
});

/** judge or watchdog → judge: look at what many incidents have in common. */
const group = z.object({
  v: version,
  kind: z.literal('group'),
  cause: z.string(),
  /** When the newest of those that have left was well again; absent: none has. */
  endedAt: z.optional(epochMs),
  /** Whether any has left that is in trouble still; absent: no. */
  left: z.optional(z.boolean()),
});

export const judgeMessage = z.discriminatedUnion('kind', [news, sweep, watch, group]);
export type JudgeMessage = z.infer<typeof judgeMessage>;
export type WatchOrder = z.infer<typeof watch>;

/** The group of the watching itself. No cohort is called so. */
export const WATCH_GROUP = 'watch';

/** The message group that the judge's queue keeps in order: a cohort, the watching, or a cause. */
export function groupOf(
  message:
    | { readonly kind: 'news' | 'sweep'; readonly cohort: string }
    | { readonly kind: 'watch' }
    | { readonly kind: 'group'; readonly cause: string },
): string {
  switch (message.kind) {
    case 'news':
    case 'sweep':
      return message.cohort;
    case 'watch':
      return WATCH_GROUP;
    case 'group':
      return `cause.${createHash('sha256').update(message.cause).digest('hex').slice(0, 32)}`;
  }
}
