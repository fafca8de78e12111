import { binned, tries } from '../endpoint/seen.ts';
import { Timeline } from '../endpoint/timeline.tsx';
import { useLoaded } from '../load.ts';
import type { Incident, RegionReport, Status } from '../types.ts';
import { Shape } from '../ui/shape.tsx';
import { Source } from '../ui/source.tsx';
import { duration, Time } from '../ui/time.tsx';
import { failed, meaningOf, outcomeWords } from '../words.ts';

interface EvidenceOptions {
  readonly status: Status;
  readonly open: boolean;
  readonly failing: readonly string[];
}

/** What each region says now, the failing ones first. */
export function Evidence({ status, open, failing }: EvidenceOptions) {
  const reports = [...status.regions].sort(
    (a, b) => Number(failing.includes(b.region)) - Number(failing.includes(a.region)),
  );
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence">{open ? 'What the regions say' : 'What the regions say now'}</h2>
      <table class="cards">
        <thead>
          <tr>
            <th scope="col">region</th>
            <th scope="col">says</th>
            <th scope="col">since</th>
            <th scope="col">at address</th>
            <th scope="col">tried from</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => (
            <tr key={report.region}>
              <th scope="row">
                <Shape state={report.state} /> {report.region}
              </th>
              <td data-name="says">
                <Says report={report} />
              </td>
              <td data-name="since">{report.since === null ? '–' : <Time at={report.since} />}</td>
              <td data-name="address">{report.address === null ? '–' : <code>{report.address}</code>}</td>
              <td data-name="tried from">
                <Source address={report.sourceAddress} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Says({ report }: { readonly report: RegionReport }) {
  const { state, evidence } = report;
  if (report.at === null) return <>no data</>;
  if (!failed(report)) return <span class={state}>{state === 'passing' ? 'listening' : state}</span>;
  return (
    <>
      <strong class={state}>{outcomeWords(report)}</strong>{' '}
      <span class="dim">
        {evidence !== report.outcome && `${evidence}, `}newest try <Time at={report.at} />
        <br />
        {meaningOf(report)}
      </span>
    </>
  );
}

const BEFORE_MS = 5 * 60_000;
/** Of a long one the beginning says most. */
const MOST_MS = 3_600_000;

/** What was tried around its beginning. */
export function Around({ incident, status }: { readonly incident: Incident; readonly status: Status }) {
  const { since, endedAt } = incident;
  const fromMs = Date.parse(since) - BEFORE_MS;
  const endMs = endedAt === null ? Date.now() : Date.parse(endedAt) + BEFORE_MS;
  const grid = binned(fromMs, Math.min(endMs, Date.now(), fromMs + MOST_MS), status.endpoint.intervalSeconds);
  const { data, message } = useLoaded(`around ${incident.id}`, async () => ({
    ...grid,
    regions: await tries(status.endpoint.id, grid),
  }));
  const seen = {
    ...(data ?? { ...grid, regions: new Map() }),
    message,
    reading: data === null && message === null,
  };
  return (
    <section aria-labelledby="around">
      <h2 id="around">Try by try, from {duration(Date.parse(since) - grid.fromMs)} before it began</h2>
      <Timeline
        regions={status.regions.map(({ region }) => region)}
        seen={seen}
        incidents={[incident]}
        toMs={grid.fromMs + grid.bins * grid.binMs}
      />
    </section>
  );
}
