import * as z from 'zod/mini';
import { CAUSE_KINDS } from '../incident/cause.ts';
import { EVENTS, INCIDENT_ENDS } from '../incident/state.ts';
import { WATCH_KINDS } from '../incident/watch-state.ts';
import { EVIDENCE, HANDSHAKES, STAGES } from '../outcome/outcome.ts';
import { REGION_STATES } from '../verdict/region-state.ts';
import { KINDS, SEVERITIES } from '../verdict/verdict.ts';

export const ALERT_SCHEMA = 'parallax.alert/1';

/** RFC 3339 UTC with milliseconds. */
const time = z.iso.datetime({ precision: 3 });
const ms = z.optional(z.number());
const text = z.nullable(z.string());

const regionReport = z.looseObject({
  region: z.string(),
  state: z.enum(REGION_STATES),
  since: z.nullable(time),
  at: z.nullable(time),
  /** The state is as of then: an inconclusive try may have been made since. */
  conclusiveAt: z.nullable(time),
  evidence: z.nullable(z.enum(EVIDENCE)),
  stage: z.nullable(z.enum(STAGES)),
  outcome: text,
  reason: text,
  errno: text,
  address: text,
  sourceAddress: text,
  bytesReceived: z.nullable(z.int()),
  tls: z.nullable(z.looseObject({ version: text, cipher: text, alpn: text })),
  certificate: text,
  elsewhere: z.nullable(
    z.looseObject({
      address: z.string(),
      at: time,
      evidence: z.enum(EVIDENCE),
      stage: z.nullable(z.enum(STAGES)),
      outcome: z.string(),
    }),
  ),
  tries: z.int(),
  tcpClock: z.nullable(z.enum(['kernel', 'loop'])),
  tainted: z.array(z.enum(STAGES)),
  synRetransmits: z.int(),
  timings: z.looseObject({ dnsMs: ms, tcpMs: ms, tlsMs: ms, http2Ms: ms }),
});

/**
 * The json alert. Within /1 fields are added, never renamed or removed; `rule`, `outcome` and `reason` gain words; `event`,
 * `kind`, `severity`, `state` and `evidence` do not. So unknown fields pass, and the words that may grow are text.
 */
export const alertSchema = z.looseObject({
  schema: z.literal(ALERT_SCHEMA),
  event: z.enum([...EVENTS, 'test']),
  deployment: z.looseObject({ name: z.string(), account: z.string(), homeRegion: z.string() }),
  dedupKey: z.string(),
  sequence: z.int(),
  kind: z.enum([...KINDS, ...WATCH_KINDS, 'test']),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  since: time,
  at: time,
  endpoint: z.nullable(
    z.looseObject({
      id: z.string(),
      name: z.string(),
      host: z.string(),
      port: z.int(),
      handshake: z.enum(HANDSHAKES),
      team: text,
    }),
  ),
  region: text,
  endpoints: z.array(z.string()),
  group: z.nullable(z.looseObject({ cause: z.enum(CAUSE_KINDS), value: z.string(), count: z.int() })),
  listeningRegions: z.array(z.string()),
  failingRegions: z.array(z.string()),
  unknownRegions: z.array(z.string()),
  regions: z.array(regionReport),
  /** What was told of it before, on an update, an acknowledgement and a resolve of an endpoint; null: nothing was. */
  previous: z.nullable(
    z.looseObject({
      kind: z.enum(KINDS),
      rule: z.string(),
      severity: z.enum(SEVERITIES),
      failingRegions: z.array(z.string()),
    }),
  ),
  summary: z.string(),
  checklist: z.array(z.string()),
  runbookUrl: text,
  commands: z.array(z.string()),
  flapping: z.boolean(),
  acknowledged: z.nullable(z.looseObject({ by: z.string(), note: text, at: time, until: z.nullable(time) })),
  reminder: z.boolean(),
  end: z.nullable(z.enum(INCIDENT_ENDS)),
  resolvedAt: z.nullable(time),
});
export type Alert = z.infer<typeof alertSchema>;

/** JSON Schema (draft 2020-12) of the json alert, for subscribers: docs/alert.schema.json. */
export function alertJsonSchema(): object {
  const schema = z.toJSONSchema(alertSchema, { io: 'output' });
  return {
    ...schema,
    title: 'Parallax alert, version 1',
    description: 'The body of a message of the json topic.',
  };
}
