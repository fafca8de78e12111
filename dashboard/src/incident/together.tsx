import { incidents } from '../live.ts';
import { toIncident } from '../route.ts';
import type { Incident } from '../types.ts';

const MOST = 50;

/** The others that are told in the same alerts. */
export function Together({ incident }: { readonly incident: Incident }) {
  const { id, cause, groupedBy } = incident;
  const others = (incidents.value ?? []).filter((one) => one.cause === cause && one.id !== id);
  return (
    <section aria-labelledby="together">
      <h2 id="together">Told together with others of the same {groupedBy?.replaceAll('_', ' ')}</h2>
      {others.length === 0 ? (
        <p class="notice">None of the others is open now.</p>
      ) : (
        <ul class="together">
          {others.slice(0, MOST).map((one) => (
            <li key={one.id}>
              <a href={toIncident(one)}>{one.endpoint}</a>
            </li>
          ))}
          {others.length > MOST && <li>and {others.length - MOST} more</li>}
        </ul>
      )}
    </section>
  );
}
