import * as z from 'zod/mini';
import { ALERT_FORMATS } from '../deployment/configuration.ts';
import { endpointInput } from '../endpoint/schema.ts';
import { CAUSE_KINDS } from '../incident/cause.ts';
import { INCIDENT_ENDS } from '../incident/state.ts';
import { WATCH_KINDS } from '../incident/watch-state.ts';
import { HANDSHAKES } from '../outcome/outcome.ts';
import { KINDS, RULES, SEVERITIES } from '../verdict/verdict.ts';
import { acknowledgementInput } from './acknowledgement.ts';
import { CHECK_SCHEMAS } from './check-schemas.ts';
import { drillInput } from './drills.ts';
import { pageOf, QUIET_SCHEMAS } from './quiet-schemas.ts';
import { certificate, region } from './report-schemas.ts';
import { answeredTime as time } from './time.ts';
import { clockCheck, TIMING_SCHEMAS, tcpClock } from './timing-schemas.ts';

const nullableTime = z.nullable(time);
const nullableText = z.nullable(z.string());
const { shape } = endpointInput;
const endpoint = z.object({
  ...shape,
  name: z.string(),
  addressFamily: z.enum(['ipv4', 'ipv6']),
  id: z.string(),
  createdAt: time,
  updatedAt: time,
  watchedSince: time,
  revision: z.int(),
});

const endpointPatch = z.partial(
  z.strictObject({
    ...shape,
    serverName: z.nullable(shape.serverName),
    team: z.nullable(shape.team),
    runbookUrl: z.nullable(shape.runbookUrl),
    severities: z.nullable(shape.severities),
  }),
);

const verdict = z.object({
  rule: z.enum(RULES),
  kind: z.nullable(z.enum(KINDS)),
  severity: z.nullable(z.enum(SEVERITIES)),
  since: time,
  settlesAt: nullableTime,
});

const acknowledgement = z.object({ by: z.string(), note: nullableText, at: time, until: nullableTime });

const incident = z.object({
  id: z.string(),
  endpoint: nullableText,
  region: nullableText,
  team: nullableText,
  rule: z.enum([...RULES, ...WATCH_KINDS]),
  kind: z.enum([...KINDS, ...WATCH_KINDS]),
  severity: z.enum(SEVERITIES),
  since: time,
  openedAt: time,
  toldAt: nullableTime,
  endedAt: nullableTime,
  end: z.nullable(z.enum(INCIDENT_ENDS)),
  untold: z.boolean(),
  failingRegions: z.array(z.string()),
  failedRegions: z.array(z.string()),
  flapping: z.boolean(),
  settlesAt: nullableTime,
  groupedBy: z.nullable(z.enum(CAUSE_KINDS)),
  cause: nullableText,
  acknowledged: z.nullable(acknowledgement),
  timeToConfirmMs: z.number(),
  timeToTellMs: z.nullable(z.number()),
  timeToAcknowledgeMs: z.nullable(z.number()),
  timeToResolveMs: z.nullable(z.number()),
});

const durations = z.object({
  count: z.int(),
  meanMs: z.nullable(z.number()),
  medianMs: z.nullable(z.number()),
});

const incidentSummary = z.object({
  from: time,
  to: time,
  incidents: z.int(),
  open: z.int(),
  untold: z.int(),
  complete: z.boolean(),
  timeToConfirm: durations,
  timeToTell: durations,
  timeToAcknowledge: durations,
  timeToResolve: durations,
});

const summary = z.object({
  id: z.string(),
  name: z.string(),
  host: z.string(),
  port: z.int(),
  handshake: z.enum(HANDSHAKES),
  tags: z.array(z.string()),
  team: z.optional(z.string()),
});

const regionHealth = z.object({
  region: z.string(),
  notedAt: nullableTime,
  newestRoundAt: nullableTime,
  health: z.nullable(z.object({ healthy: z.boolean(), since: time, at: time })),
  controls: z.nullable(
    z.object({
      healthy: z.boolean(),
      passed: z.int(),
      tried: z.int(),
      syns: z.int(),
      lost: z.int(),
      at: time,
    }),
  ),
  sourceAddresses: z.array(z.object({ address: z.string(), at: time })),
  tcpClock,
  clockCheck,
  incident: z.nullable(incident),
});

const { Mute: mute, Quiet: quiet } = QUIET_SCHEMAS;

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  requestId: z.optional(z.string()),
  errors: z.optional(
    z.array(
      z.object({ pointer: z.optional(z.string()), parameter: z.optional(z.string()), message: z.string() }),
    ),
  ),
});

/** Everything that is sent or answered, by its name in the OpenAPI document. Fields may be added to answers, never renamed or removed. */
export const SCHEMAS = {
  EndpointInput: endpointInput,
  EndpointPatch: endpointPatch,
  AcknowledgementInput: acknowledgementInput,
  AcknowledgedIncident: z.extend(acknowledgement, { incident: z.string() }),
  Endpoint: endpoint,
  EndpointPage: pageOf(endpoint),
  Deletion: z.object({ id: z.string(), deletedAt: time }),
  RegionReport: region,
  Certificate: certificate,
  Verdict: verdict,
  Incident: incident,
  IncidentPage: pageOf(incident),
  IncidentSummary: incidentSummary,
  DrillInput: drillInput,
  Drill: z.object({
    id: z.string(),
    at: time,
    formats: z.array(
      z.object({
        format: z.enum(ALERT_FORMATS),
        topic: z.string(),
        published: z.boolean(),
        error: nullableText,
        subscriptions: z.nullable(z.object({ confirmed: z.int(), pending: z.int() })),
      }),
    ),
    topicsWithoutSubscriber: z.array(z.string()),
  }),
  ...QUIET_SCHEMAS,
  Status: z.object({
    endpoint,
    verdict,
    incident: z.nullable(incident),
    regions: z.array(region),
    certificates: z.array(certificate),
    checklist: z.array(z.string()),
    mute: z.nullable(mute),
    quiet: z.nullable(quiet),
  }),
  StatusPage: pageOf(
    z.object({
      endpoint: summary,
      verdict,
      regions: z.array(region),
      mute: z.nullable(mute),
      quiet: z.nullable(quiet),
    }),
  ),
  ...TIMING_SCHEMAS,
  ...CHECK_SCHEMAS,
  Region: regionHealth,
  RegionPage: pageOf(regionHealth),
  Problem: problem,
} as const;
export type SchemaName = keyof typeof SCHEMAS;
