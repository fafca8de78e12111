import { incidents } from '../live.ts';
import { toIncident } from '../route.ts';
import type { Incident } from '../types.ts';
import { Time } from '../ui/time.tsx';
import { incidentWords } from '../words.ts';

/** More are counted. */
const MOST = 5;

/** What is open now, the worst first; nothing where all is well. */
export function OpenIncidents() {
  const open = [...(incidents.value ?? [])].sort((a, b) =>
    a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0,
  );
  if (open.length === 0) return null;
  return (
    <section class="open-incidents" aria-label="Open incidents">
      <ul>
        {open.slice(0, MOST).map((incident) => (
          <li key={incident.id}>
            <IncidentLine incident={incident} />
          </li>
        ))}
      </ul>
      {open.length > MOST && <a href="#/incidents">and {open.length - MOST} more</a>}
    </section>
  );
}

export function IncidentLine({ incident }: { readonly incident: Incident }) {
  const { severity, endpoint, region, since, acknowledged, flapping } = incident;
  return (
    <a class={`incident-line ${severity}`} href={toIncident(incident)}>
      <span class={`severity ${severity}`}>{severity}</span>
      <span class="what">
        <strong>{endpoint ?? region ?? 'the deployment'}</strong> {incidentWords(incident)}
        {flapping && ' (flapping)'}
      </span>
      <span class="when dim">
        since <Time at={since} />
      </span>
      <span class={acknowledged ? 'who' : 'who nobody'}>
        {acknowledged ? `${acknowledged.by} looks after it` : 'not acknowledged'}
      </span>
    </a>
  );
}
