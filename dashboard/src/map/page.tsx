import { useEffect } from 'preact/hooks';
import { regions, statuses } from '../live.ts';
import { query, replaceQuery, toEndpoint } from '../route.ts';
import type { Region, StatusItem } from '../types.ts';
import { Lost } from '../ui/connection.tsx';
import { Ago, milliseconds } from '../ui/time.tsx';
import { ruleWords, troubled } from '../words.ts';
import { type Mark, WorldMap } from './map.tsx';
import { PLACES } from './places.ts';

/** The regions on a map and in a table, and what they say of one endpoint. */
export function RegionsPage() {
  useEffect(() => {
    document.title = 'Regions · Parallax';
  }, []);
  const heard = regions.value;
  const listed = statuses.value ?? [];
  const selected = listed.find(({ endpoint }) => endpoint.id === query.value.get('endpoint')) ?? null;
  const marks = (heard ?? []).map((region) => markOf(region, selected));
  const missing = marks.filter(({ region }) => !(region in PLACES)).map(({ region }) => region);
  return (
    <>
      <div class="section-head">
        <h1>Regions</h1>
        <label class="choice">
          <span>endpoint</span>
          <select
            value={selected?.endpoint.id ?? ''}
            onChange={({ currentTarget }) => replaceQuery({ endpoint: currentTarget.value })}
          >
            <option value="">none: the probers themselves</option>
            {listed.map(({ endpoint }) => (
              <option key={endpoint.id} value={endpoint.id}>
                {endpoint.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Lost />
      {selected && (
        <p>
          <a href={toEndpoint(selected.endpoint.id)}>{selected.endpoint.name}</a>:{' '}
          <strong>{ruleWords(selected.verdict.rule, troubled(selected.regions))}</strong>.
        </p>
      )}
      {heard === null ? (
        <p class="notice">Reading…</p>
      ) : (
        <WorldMap marks={marks} selected={selected?.endpoint ?? null} />
      )}
      {missing.length > 0 && <p class="dim">Not on the map: {missing.join(', ')}</p>}
      {heard !== null && (
        <section aria-labelledby="probers">
          <h2 id="probers">What the probers say of themselves</h2>
          <RegionTable regions={heard} />
        </section>
      )}
    </>
  );
}

function markOf(region: Region, selected: StatusItem | null): Mark {
  const report = selected?.regions.find((one) => one.region === region.region) ?? null;
  if (selected) return { region: region.region, state: report?.state ?? 'unknown', report };
  const { health, notedAt, incident } = region;
  const state =
    notedAt === null ? 'unknown' : incident !== null || health?.healthy === false ? 'failing' : 'passing';
  return { region: region.region, state, report: null };
}

function RegionTable({ regions: items }: { readonly regions: readonly Region[] }) {
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">region</th>
          <th scope="col">heard</th>
          <th scope="col">probers</th>
          <th scope="col">controls</th>
          <th scope="col">tried from</th>
          <th scope="col">TCP clock</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.region}>
            <th scope="row">{one.region}</th>
            <td data-name="heard">{one.notedAt === null ? 'never' : <Ago at={one.notedAt} />}</td>
            <td data-name="probers">
              <Health region={one} />
            </td>
            <td data-name="controls">
              {one.controls === null ? '–' : `${one.controls.passed} of ${one.controls.tried} answer`}
            </td>
            <td data-name="tried from">
              {one.sourceAddresses.length === 0 ? (
                <span class="dim">not known</span>
              ) : (
                one.sourceAddresses.slice(0, 3).map(({ address }) => <code key={address}>{address} </code>)
              )}
              {one.sourceAddresses.length > 3 && (
                <span class="dim">and {one.sourceAddresses.length - 3} more</span>
              )}
            </td>
            <td data-name="TCP clock">
              {one.tcpClock ?? '–'}
              {one.clockCheck?.kernelMs != null && (
                <span class="dim"> ({milliseconds(one.clockCheck.kernelMs)} ms to itself)</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Health({ region: { health, incident } }: { readonly region: Region }) {
  if (incident) return <strong class="failing">{ruleWords(incident.rule, [])}</strong>;
  if (health === null) return <span class="dim">not known</span>;
  return health.healthy ? (
    <span class="passing">healthy</span>
  ) : (
    <strong class="failing">cut off themselves</strong>
  );
}
