import { api, body } from '../api.ts';
import { useLoaded } from '../load.ts';
import { toIncident } from '../route.ts';
import type { Incident } from '../types.ts';
import { duration, Time } from '../ui/time.tsx';
import { END_WORDS, incidentWords } from '../words.ts';

/** The newest incidents of an endpoint. */
export function IncidentTable({ endpoint }: { readonly endpoint: string }) {
  const { data, message } = useLoaded(`incidents ${endpoint}`, (signal) =>
    body(
      api.GET('/endpoints/{id}/incidents', {
        params: { path: { id: endpoint }, query: { limit: 20 } },
        signal,
      }),
    ),
  );
  return (
    <section aria-labelledby="incidents">
      <h2 id="incidents">Incidents</h2>
      {message !== null && <p class="notice bad">{message}</p>}
      {data?.items.length === 0 && <p class="notice">None.</p>}
      {data && data.items.length > 0 && <Incidents items={data.items} of="endpoint" />}
    </section>
  );
}

interface IncidentsOptions {
  readonly items: readonly Incident[];
  /** `all`: it is said whose they are. */
  readonly of: 'endpoint' | 'all';
}

export function Incidents({ items, of }: IncidentsOptions) {
  return (
    <table class="cards incidents">
      <thead>
        <tr>
          <th scope="col">incident</th>
          <th scope="col">since</th>
          <th scope="col">lasted</th>
          <th scope="col">looked after by</th>
          <th scope="col">end</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <span class={`severity ${one.severity}`}>{one.severity}</span>{' '}
              <a href={toIncident(one)}>
                {of === 'all' && <strong>{one.endpoint ?? one.region ?? 'the deployment'} </strong>}
                {incidentWords(one)}
              </a>
              {one.flapping && <span class="dim"> flapping</span>}
              {one.untold && <span class="dim"> not told</span>}
            </th>
            <td data-name="since">
              <Time at={one.since} age={of === 'all'} />
            </td>
            <td data-name="lasted">
              {duration(
                (one.endedAt === null ? Date.now() : Date.parse(one.endedAt)) - Date.parse(one.since),
              )}
            </td>
            <td data-name="looked after by">{one.acknowledged?.by ?? <span class="dim">nobody</span>}</td>
            <td data-name="end">
              {one.end === null ? <strong class="failing">open</strong> : END_WORDS[one.end]}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
