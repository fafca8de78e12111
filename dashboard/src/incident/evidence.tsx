import { tries } from '../endpoint/seen.ts';
import { Timeline } from '../endpoint/timeline.tsx';
import { useLoaded } from '../load.ts';
import type { Incident, RegionReport, Status } from '../types.ts';
import { Shape } from '../ui/shape.tsx';
import { Time } from '../ui/time.tsx';
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
                {report.sourceAddress === null ? (
                  <span class="dim">not known</span>
                ) : (
                  <code>{report.sourceAddress}</code>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Says({ report }: { readonly report: RegionReport }) {
  const { state, evidence, tries: count } = report;
  if (report.at === null) return <>no data</>;
  if (!failed(report)) return <span class={state}>{state === 'passing' ? 'listening' : state}</span>;
  return (
    <>
      <strong class={state}>{outcomeWords(report)}</strong>{' '}
      <span class="dim">
        {evidence}, {count} {count === 1 ? 'try' : 'tries'}
        <br />
        {meaningOf(report)}
      </span>
    </>
  );
}

const BIN_MS = 60_000;
const BEFORE = 5;
/** Of a long one the beginning says most. */
const MOST_BINS = 60;

/** The minutes around its beginning. */
export function Around({ incident, status }: { readonly incident: Incident; readonly status: Status }) {
  const { since, endedAt } = incident;
  const fromMs = (Math.floor(Date.parse(since) / BIN_MS) - BEFORE) * BIN_MS;
  const endMs = endedAt === null ? Date.now() : Date.parse(endedAt) + BEFORE * BIN_MS;
  const bins = Math.max(10, Math.min(MOST_BINS, Math.ceil((Math.min(endMs, Date.now()) - fromMs) / BIN_MS)));
  const { data, message } = useLoaded(`around ${incident.id}`, () =>
    tries(status.endpoint.id, fromMs, BIN_MS, bins),
  );
  return (
    <section aria-labelledby="around">
      <h2 id="around">Minute by minute, from {BEFORE} minutes before</h2>
      <Timeline
        regions={status.regions.map(({ region }) => region)}
        seen={{
          fromMs,
          binMs: BIN_MS,
          regions: data ?? new Map(),
          message,
          reading: data === null && message === null,
        }}
        incidents={[incident]}
        toMs={fromMs + bins * BIN_MS}
      />
    </section>
  );
}
