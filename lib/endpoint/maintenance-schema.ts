import * as z from 'zod/mini';
import { cronOf } from './maintenance.ts';
import { ID_PATTERN, line, MAX_NAME_CHARACTERS, MAX_NOTE_CHARACTERS, must, tag } from './schema.ts';

const MAX_CRON_CHARACTERS = 100;
const MAX_CONCERNED = 100;
/** What is longer is no maintenance: 31 days. */
const MAX_DURATION_MINUTES = 31 * 24 * 60;

const time = (field: string) => {
  const told = must(field, 'an RFC 3339 time such as 2026-01-31T02:00:00Z');
  return z.iso
    .datetime({ offset: true, ...told })
    .check(z.refine((text) => !Number.isNaN(Date.parse(text)), told));
};

const scheduleTold = must(
  'schedule',
  'an object with from and until, or with cron, timeZone and durationMinutes',
);

export const onceSchedule = z.strictObject({ from: time('from'), until: time('until') }, scheduleTold);

const isTimeZone = (text: string): boolean => {
  // An offset is no zone: it knows of no change.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

/** What is wrong with a pattern; null: nothing. Nicknames and dates, which the library reads as well, are no patterns here. */
const cronTrouble = (cron: string): string | null => {
  if (/\p{Cc}/u.test(cron) || cron.trim().split(/ +/).length !== 5) return 'it has not five fields';
  try {
    cronOf({ cron, timeZone: 'UTC' });
    return null;
  } catch (error) {
    return String(error instanceof Error ? error.message : error).replace(/^CronPattern: /, '');
  }
};

const CRON = 'five fields: minute hour day month weekday, such as "0 2 * * SUN"';
const zoneTold = must('timeZone', 'an IANA time zone such as Europe/Berlin or UTC');
const durationTold = must('durationMinutes', `a whole number from 1 to ${MAX_DURATION_MINUTES}`);

const cron = z
  .string(must('cron', CRON))
  .check(
    z.maxLength(MAX_CRON_CHARACTERS, must('cron', `of at most ${MAX_CRON_CHARACTERS} characters`)),
    z.refine((text) => cronTrouble(text) === null, {
      error: ({ input }) => `cron must be ${CRON}: ${cronTrouble(String(input))}`,
    }),
  )
  .register(z.globalRegistry, {
    description: 'When windows begin: minute, hour, day of month, month, weekday.',
    examples: ['0 2 * * SUN'],
  });

export const recurringSchedule = z.strictObject({
  cron,
  timeZone: z
    .string(zoneTold)
    .check(z.refine(isTimeZone, zoneTold))
    .register(z.globalRegistry, { description: 'IANA name.', examples: ['Europe/Berlin'] }),
  durationMinutes: z
    .int(durationTold)
    .check(z.gte(1, durationTold), z.lte(MAX_DURATION_MINUTES, durationTold))
    .register(z.globalRegistry, { description: 'Elapsed time, whatever the clocks do.' }),
  from: z.optional(time('from')),
  until: z.optional(time('until')),
});

const concernedTold = must(
  'endpoints',
  `"all", {"ids": ["shop"]}, {"tags": ["web"]} or both of these, with 1 to ${MAX_CONCERNED} in each`,
);
const someOf = (item: z.ZodMiniType<string>) =>
  z.optional(
    z
      .array(item, concernedTold)
      .check(z.minLength(1, concernedTold), z.maxLength(MAX_CONCERNED, concernedTold)),
  );
const named = z.strictObject(
  {
    ids: someOf(z.string(concernedTold).check(z.regex(ID_PATTERN, concernedTold))),
    tags: someOf(tag('tags')),
  },
  concernedTold,
);

export const concernedSchema = z.union(
  [
    z.literal('all'),
    named.check(z.refine(({ ids, tags }) => ids !== undefined || tags !== undefined, concernedTold)),
  ],
  concernedTold,
);

const said = {
  note: z.optional(line('note', MAX_NOTE_CHARACTERS)),
  by: z.optional(line('by', MAX_NAME_CHARACTERS)),
  endpoints: concernedSchema,
};

const BODY = 'the body must be a JSON object';
export const onceInput = z.strictObject({ ...said, schedule: onceSchedule }, BODY);
export const recurringInput = z.strictObject({ ...said, schedule: recurringSchedule }, BODY);

/** What a user may say of a maintenance; see parseMaintenance for what must hold besides. */
export const maintenanceInput = z.strictObject({
  ...said,
  schedule: z.union([onceSchedule, recurringSchedule]),
});
