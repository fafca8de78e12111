/** The name in the peer's certificate. */
export const NAME = 'bench.test';

/** What the peer says once it listens on 127.0.0.1. */
export interface PeerReady {
  readonly port: number;
  /** PEM. */
  readonly authority: string;
}
