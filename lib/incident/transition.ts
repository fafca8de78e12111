import { reportOf } from '../verdict/report.ts';
import type { JudgedScene } from './scene.ts';
import type { EndpointState, Event, Incident, Outgoing, Transition } from './state.ts';

/**
 * What is told, with the facts as they are now. The incident is as it is after the event: its sequence is the event's.
 *
 * @param before - the incident before the event.
 */
export function transitionOf(
  event: Event,
  incident: Incident,
  state: EndpointState,
  scene: JudgedScene,
  { before, reminder = false }: { readonly before: Incident | null; readonly reminder?: boolean },
): Transition {
  const { endpoint, verdict, regions, now } = scene;
  return {
    event,
    dedupKey: incident.id,
    sequence: incident.sequence,
    kind: incident.kind,
    rule: incident.rule,
    severity: incident.severity,
    since: incident.since,
    at: now,
    endedAt: incident.endedAt,
    flapping: incident.flapping,
    acknowledged: incident.acknowledged,
    reminder,
    end: incident.end,
    endpoint: {
      id: endpoint.id,
      name: endpoint.name,
      host: endpoint.host,
      port: endpoint.port,
      handshake: endpoint.handshake,
      serverName: endpoint.serverName ?? null,
      team: endpoint.team ?? null,
    },
    runbookUrl: endpoint.runbookUrl ?? null,
    before: event === 'trigger' ? null : wasTold(before),
    listeningRegions: verdict.listening,
    failingRegions: verdict.failing,
    unknownRegions: verdict.unknown,
    regions: regions.map((region) => reportOf(region, state.regions[region], now, endpoint.intervalSeconds)),
  };
}

function wasTold(before: Incident | null): Transition['before'] {
  if (!before?.told) return null;
  const { kind, rule, severity, failing } = before.told;
  return { kind, rule, severity, failing, flapping: before.flapping };
}

/** The outbox with one more to tell. */
export function outboxWith(state: EndpointState, transition: Transition): readonly Outgoing[] {
  return [...state.outbox, { transition, told: [] }];
}

/** The incidents to copy with this one as it is now. */
export function uncopiedWith(state: EndpointState, incident: Incident): readonly Incident[] {
  return [...state.uncopied.filter(({ id }) => id !== incident.id), incident];
}
