import * as z from 'zod/mini';
import { maintenanceInput } from '../endpoint/maintenance-schema.ts';
import { muteInput } from './mute.ts';
import { answeredTime as time } from './time.ts';

const nullableText = z.nullable(z.string());

export const pageOf = <T extends z.ZodMiniType>(item: T) =>
  z.object({ items: z.array(item), next: nullableText });

const mute = z.object({ until: time, note: nullableText, at: time });
/** Of an endpoint or of a tag; the other is null. */
const listedMute = z.object({ endpoint: nullableText, tag: nullableText, ...mute.shape });

const maintenance = z.object({
  ...maintenanceInput.shape,
  note: nullableText,
  by: nullableText,
  id: z.string(),
  at: time,
  windows: z.array(z.object({ from: time, until: time })),
});

/** What is said and answered of mutes and maintenance, by its name in the OpenAPI document. */
export const QUIET_SCHEMAS = {
  MuteInput: muteInput,
  Mute: mute,
  ListedMute: listedMute,
  MutePage: pageOf(listedMute),
  Quiet: z.object({
    reason: z.enum(['mute', 'tag_mute', 'maintenance']),
    id: z.string(),
    note: nullableText,
    until: time,
  }),
  MaintenanceInput: maintenanceInput,
  Maintenance: maintenance,
  MaintenancePage: pageOf(maintenance),
} as const;
