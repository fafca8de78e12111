import { type Endpoint, regionsOf } from '../endpoint/endpoint.ts';
import type { Observation } from '../round/observation.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Acknowledgement, EndpointState } from './state.ts';

/** What a judgement goes by. All times are epoch ms. */
export interface JudgeInput {
  readonly endpoint: Endpoint;
  /** See tagOf. */
  readonly tag: number;
  /** The regions of the deployment, in its order. */
  readonly deployedRegions: readonly string[];
  /** What was saved last; null: nothing yet. */
  readonly state: EndpointState | null;
  /** By region, of this tag only; in any order, and those taken in before may be among them. */
  readonly observations: ReadonlyMap<string, readonly Observation[]>;
  readonly now: number;
  /** Nothing is told before this; null: not muted. */
  readonly mutedUntil: number | null;
  /** What somebody has said of the open incident; null: nothing, the default. */
  readonly acknowledgement?: Acknowledgement | null;
  /** What nobody has acknowledged is told again after this; null: never, the default. */
  readonly remindEveryMs?: number | null;
  /** Causes that so many incidents share now that they are told as one, see causeKey. Default: none. */
  readonly crowded?: ReadonlySet<string>;
  /** By cause, what the alerts about all that have it have to do with this endpoint. Default: nothing. */
  readonly together?: ReadonlyMap<string, Together>;
}

/** What is told of a cause, as far as one endpoint is concerned. */
export interface Together {
  /** When the last alert was told that counted it; null: none did. */
  readonly toldAt: number | null;
  /** What most of those that are told of it may have now. */
  readonly causes: readonly string[];
}

/** What one judgement knows while it is made. */
export interface Scene extends Pick<JudgeInput, 'endpoint' | 'tag' | 'now' | 'mutedUntil'> {
  /** The regions that try the endpoint, in the deployment's order. */
  readonly regions: readonly string[];
  readonly watchedSince: number;
  readonly acknowledgement: Acknowledgement | null;
  readonly remindEveryMs: number | null;
  readonly crowded: ReadonlySet<string>;
  readonly together: ReadonlyMap<string, Together>;
}

/** … and once the regions have been judged. */
export interface JudgedScene extends Scene {
  readonly settled: boolean;
  readonly verdict: Verdict;
}

const NONE: ReadonlySet<string> = new Set();
const NOTHING: ReadonlyMap<string, Together> = new Map();

export function sceneOf(input: JudgeInput): Scene {
  const { endpoint, deployedRegions, tag, now, mutedUntil } = input;
  const { acknowledgement = null, remindEveryMs = null, crowded = NONE, together = NOTHING } = input;
  return {
    endpoint,
    tag,
    now,
    mutedUntil,
    acknowledgement,
    remindEveryMs,
    crowded,
    together,
    regions: regionsOf(endpoint, deployedRegions),
    watchedSince: Date.parse(endpoint.watchedSince),
  };
}
