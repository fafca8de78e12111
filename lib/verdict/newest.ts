import { addressOf, type Observation } from '../round/observation.ts';
import type { Newest } from './region-state.ts';

/** What an observation says, as the facts that are kept of a region's newest one. */
export function factsOf(observation: Observation): Newest {
  const { at, stage, timings } = observation;
  const atAddress = observation.passed || observation.stage !== 'dns' ? observation : null;
  return {
    at,
    stage,
    timings,
    evidence: observation.passed ? 'listening' : observation.evidence,
    outcome: observation.passed ? 'ok' : observation.outcome,
    reason: observation.passed ? null : observation.reason,
    errno: observation.passed ? null : observation.errno,
    address: addressOf(observation),
    sourceAddress: observation.passed ? null : observation.sourceAddress,
    bytesReceived: observation.passed ? null : observation.bytesReceived,
    tls: 'tls' in observation ? observation.tls : null,
    // Of a passing try 8 digits are stored: so it reads the same whether it came by the table or not.
    certificate: observation.passed
      ? (observation.certificate?.slice(0, 8) ?? null)
      : (atAddress?.certificate ?? null),
    tcpClock: atAddress?.tcpClock ?? null,
    tainted: atAddress?.tainted ?? [],
    synRetransmits: atAddress?.synRetransmits ?? 0,
  };
}
