import * as z from 'zod/mini';
import {
  type Acknowledgement,
  type EndpointState,
  EVENTS,
  INCIDENT_ENDS,
  type Incident,
  type Outgoing,
  type Recall,
  type Suspicion,
  type Transition,
} from '../incident/state.ts';
import { EVIDENCE, HANDSHAKES, STAGES } from '../outcome/outcome.ts';
import type { Timings, TlsFacts } from '../round/observation.ts';
import {
  type Newest,
  REGION_STATES,
  type RegionReport,
  type RegionState,
  type TriedElsewhere,
} from '../verdict/region-state.ts';
import { KINDS, RULES, SEVERITIES } from '../verdict/verdict.ts';

/** Names every field of a type, the optional ones too: one that is forgotten here would be lost by the next save. */
export type Fields<T> = Record<keyof T, z.ZodMiniType>;

const count = z.int().check(z.nonnegative());
const time = z.number();
const text = z.nullable(z.string());
const names = z.array(z.string());

const timings: z.ZodMiniType<Timings> = z.object({
  dnsMs: z.optional(z.number()),
  tcpMs: z.optional(z.number()),
  tlsMs: z.optional(z.number()),
  http2Ms: z.optional(z.number()),
} satisfies Fields<Timings>);

const tls: z.ZodMiniType<TlsFacts> = z.object({
  version: text,
  cipher: text,
  alpn: text,
} satisfies Fields<TlsFacts>);

const seen = {
  reason: text,
  errno: text,
  address: text,
  sourceAddress: text,
  // What was saved before there were these fields must still be read.
  bytesReceived: z._default(z.nullable(count), null),
  tls: z._default(z.nullable(tls), null),
  certificate: z._default(text, null),
  tcpClock: z.nullable(z.enum(['kernel', 'loop'])),
  tainted: z.array(z.enum(STAGES)),
  synRetransmits: count,
  timings,
};

const newest: z.ZodMiniType<Newest> = z.object({
  ...seen,
  at: time,
  evidence: z.enum(EVIDENCE),
  stage: z.enum(STAGES),
  outcome: z.string(),
} satisfies Fields<Newest>);

const regionState: z.ZodMiniType<RegionState> = z.object({
  state: z.enum(REGION_STATES),
  since: time,
  newestAt: time,
  conclusiveAt: z.nullable(time),
  tries: count,
  failingSince: z.nullable(time),
  failing: z.nullable(newest),
  elsewhere: z._default(z.nullable(newest), null),
  passedAt: z.record(z.string(), time),
  failedAt: z._default(z.record(z.string(), time), {}),
  newest: z.nullable(newest),
} satisfies Fields<RegionState>);

const elsewhere: z.ZodMiniType<TriedElsewhere> = z.object({
  address: z.string(),
  at: z.string(),
  evidence: z.enum(EVIDENCE),
  stage: z.nullable(z.enum(STAGES)),
  outcome: z.string(),
} satisfies Fields<TriedElsewhere>);

const regionReport: z.ZodMiniType<RegionReport> = z.object({
  ...seen,
  region: z.string(),
  state: z.enum(REGION_STATES),
  since: text,
  at: text,
  conclusiveAt: z._default(text, null),
  evidence: z.nullable(z.enum(EVIDENCE)),
  stage: z.nullable(z.enum(STAGES)),
  outcome: text,
  elsewhere: z._default(z.nullable(elsewhere), null),
  tries: count,
} satisfies Fields<RegionReport>);

const suspicion: z.ZodMiniType<Suspicion> = z.object({
  id: z.string(),
  startedAt: time,
  address: text,
  askedAt: z.nullable(time),
  heardAt: z.nullable(time),
  comparison: z._default(z.nullable(z.object({ address: z.string(), askedAt: z.nullable(time) })), null),
} satisfies Fields<Suspicion>);

const recall: z.ZodMiniType<Recall> = z.object({
  id: z.string(),
  startedAt: time,
  address: text,
  askedAt: z.nullable(time),
} satisfies Fields<Recall>);

export const acknowledgedSchema = z._default(
  z.nullable(
    z.object({
      by: z.string(),
      note: text,
      at: time,
      until: z.nullable(time),
    } satisfies Fields<Acknowledgement>),
  ),
  null,
);

const what = {
  kind: z.enum(KINDS),
  rule: z.enum(RULES),
  severity: z.enum(SEVERITIES),
  since: time,
  sequence: count,
  flapping: z.boolean(),
  end: z.nullable(z.enum(INCIDENT_ENDS)),
  failingRegions: names,
};

const told = {
  kind: z.enum(KINDS),
  rule: z.enum(RULES),
  severity: z.enum(SEVERITIES),
  failing: names,
};

export const incidentSchema: z.ZodMiniType<Incident> = z.object({
  ...what,
  id: z.string(),
  openedAt: time,
  toldAt: z.nullable(time),
  told: z.nullable(z.object({ ...told, at: time })),
  acknowledged: acknowledgedSchema,
  acknowledgedAt: z._default(z.nullable(time), null),
  team: z._default(text, null),
  grouped: z._default(text, null),
  heldSince: time,
  freshSince: time,
  failedRegions: z._default(names, []),
  narrowingSince: z.nullable(time),
  recall: z.nullable(recall),
  endedAt: z.nullable(time),
} satisfies Fields<Incident>);

export const transitionSchema: z.ZodMiniType<Transition> = z.object({
  ...what,
  event: z.enum(EVENTS),
  dedupKey: z.string(),
  at: time,
  endedAt: z.nullable(time),
  acknowledged: acknowledgedSchema,
  reminder: z._default(z.boolean(), false),
  endpoint: z.object({
    id: z.string(),
    name: z.string(),
    host: z.string(),
    port: z.int(),
    handshake: z.enum(HANDSHAKES),
    // An outbox that was saved before there was this field must still be told.
    serverName: z._default(text, null),
    team: text,
  } satisfies Fields<Transition['endpoint']>),
  runbookUrl: text,
  before: z._default(z.nullable(z.object({ ...told, flapping: z.boolean() })), null),
  listeningRegions: names,
  unknownRegions: names,
  regions: z.array(regionReport),
} satisfies Fields<Transition>);

const outgoing: z.ZodMiniType<Outgoing> = z.object({
  transition: transitionSchema,
  told: names,
} satisfies Fields<Outgoing>);

export const stateSchema: z.ZodMiniType<EndpointState> = z.object({
  endpointId: z.string(),
  tag: count,
  watchedSince: z.string(),
  version: count,
  regions: z.record(z.string(), regionState),
  provenAt: z.nullable(time),
  suspicion: z.nullable(suspicion),
  incident: z.nullable(incidentSchema),
  wavedAt: z.nullable(time),
  silentSince: z.nullable(time),
  openings: z.array(time),
  outbox: z.array(outgoing),
  uncopied: z.array(incidentSchema),
} satisfies Fields<EndpointState>);
