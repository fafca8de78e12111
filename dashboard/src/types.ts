import type { components } from '../../lib/deployment/api-types.ts';

type Schemas = components['schemas'];

export type Status = Schemas['Status'];
export type StatusItem = Schemas['StatusPage']['items'][number];
export type RegionReport = Schemas['RegionReport'];
export type RegionState = RegionReport['state'];
export type Region = Schemas['Region'];
export type Incident = Schemas['Incident'];
export type Certificate = Schemas['Certificate'];
export type Timing = Schemas['Timing'];
export type TimingSummary = Schemas['TimingSummary'];
export type Verdict = Schemas['Verdict'];
export type Rule = Verdict['rule'];
export type Check = Schemas['Check'];
export type Quiet = Schemas['Quiet'];
export type Stage = Timing['stage'];
export type Timings = Timing['timings'];

export const STAGES = ['dns', 'tcp', 'tls', 'http2'] as const satisfies readonly Stage[];
