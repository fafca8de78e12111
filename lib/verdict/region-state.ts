import type { Evidence, Stage } from '../outcome/outcome.ts';
import type { TcpClock, Timings, TlsFacts } from '../round/observation.ts';

/**
 * `passing`; `suspect`: the last conclusive try fails, unconfirmed; `failing`: two conclusive failing tries that began at
 * least 5 s apart; `recovering`: was failing, the last try passes; `unknown`: nothing conclusive for too long.
 */
export const REGION_STATES = ['passing', 'suspect', 'failing', 'recovering', 'unknown'] as const;
export type RegionStateName = (typeof REGION_STATES)[number];

/** What the newest observation of a region says, as facts; `RegionReport` is this with a state and times as text. */
export interface Newest {
  readonly at: number;
  readonly evidence: Evidence;
  readonly stage: Stage;
  /** `ok` or a failing outcome. */
  readonly outcome: string;
  readonly reason: string | null;
  readonly errno: string | null;
  readonly address: string | null;
  readonly sourceAddress: string | null;
  /** Bytes the peer sent in the failing stage; null: it passed. */
  readonly bytesReceived: number | null;
  /** What TLS had agreed on when it failed; null: it passed, or failed before TLS. */
  readonly tls: TlsFacts | null;
  /** sha256 of the leaf certificate, hex: 64 digits, of a passing try the first 8; null: none seen. */
  readonly certificate: string | null;
  readonly tcpClock: TcpClock | null;
  readonly tainted: readonly Stage[];
  readonly synRetransmits: number;
  readonly timings: Timings;
}

/** What the judge remembers of one region. `unknown` with time is derived when it is read, see stateAt. */
export interface RegionState {
  readonly state: RegionStateName;
  /** When the state began: the `at` of the try that began it. Epoch ms, like every time here. */
  readonly since: number;
  /** The `at` of the newest observation taken in, conclusive or not. */
  readonly newestAt: number;
  /** The `at` of the newest conclusive one: older conclusive ones are history. Null before the first. */
  readonly conclusiveAt: number | null;
  /** Conclusive tries since the state's failing or passing run began, of those that were read: quiet rounds older than the judge's window are not. */
  readonly tries: number;
  /** The first failing try of the present failing run; null when passing. */
  readonly failingSince: number | null;
  /**
   * The newest conclusive failing try of the present run: what `evidence` rules look at; null when passing. Once confirmed it is of
   * one address, as long as that is seen failing: what others of the name do is in `passedAt`.
   */
  readonly failing: Newest | null;
  /** The newest failing try of another address than that one, while the run lasts; null: none failed, or it has passed since. */
  readonly elsewhere: Newest | null;
  /** When each address whose newest try here passed was last tried, newest few only: proof that the same address listens. */
  readonly passedAt: Readonly<Record<string, number>>;
  /** … and each whose newest try here failed. */
  readonly failedAt: Readonly<Record<string, number>>;
  readonly newest: Newest | null;
}

/** What a failing region sees at another address than the one that fails there. */
export interface TriedElsewhere {
  readonly address: string;
  /** RFC 3339 UTC with ms. */
  readonly at: string;
  readonly evidence: Evidence;
  /** Null when it passed: how far is not remembered. */
  readonly stage: Stage | null;
  /** `ok` or a failing outcome. */
  readonly outcome: string;
}

/** The only description of what a region says: in status, alerts, incidents and checks. */
export interface RegionReport {
  readonly region: string;
  readonly state: RegionStateName;
  /** RFC 3339 UTC with ms; null when the region never said anything. */
  readonly since: string | null;
  readonly at: string | null;
  /** The state is as of then: the newest try that says something of the endpoint. An inconclusive one may have been made since. */
  readonly conclusiveAt: string | null;
  readonly evidence: Evidence | null;
  readonly stage: Stage | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly errno: string | null;
  readonly address: string | null;
  readonly sourceAddress: string | null;
  /** See Newest. */
  readonly bytesReceived: number | null;
  readonly tls: TlsFacts | null;
  readonly certificate: string | null;
  /** Of a failing region; null: no other address was tried. */
  readonly elsewhere: TriedElsewhere | null;
  /** See RegionState: of a long run at least so many. */
  readonly tries: number;
  readonly tcpClock: TcpClock | null;
  readonly tainted: readonly Stage[];
  readonly synRetransmits: number;
  readonly timings: Timings;
}
