import { totalMs } from '../matrix/history.ts';
import { type RegionReport, STAGES, type Stage, type Status } from '../types.ts';
import { Shape } from '../ui/shape.tsx';
import { Ago, milliseconds } from '../ui/time.tsx';
import { failed, meaningOf, outcomeWords } from '../words.ts';

interface LadderOptions {
  readonly reports: readonly RegionReport[];
  readonly handshake: Status['endpoint']['handshake'];
}

/** One bar a region: how long each stage took, one after the other and to one scale, and where it ended. */
export function Ladder({ reports, handshake }: LadderOptions) {
  const longest = Math.max(0.001, ...reports.map(({ timings }) => totalMs(timings)));
  const rungs = STAGES.slice(0, STAGES.indexOf(handshake) + 1);
  const spoiled = reports.some(({ tainted }) => tainted.length > 0);
  return (
    <table class="ladder">
      <thead>
        <tr>
          <th scope="col">region</th>
          <th scope="col" class="bar">
            <span class="legend">
              {rungs.map((stage) => (
                <span key={stage} class={`key ${stage}`}>
                  {stage}
                </span>
              ))}
              {spoiled && <span class="key tainted">may be the prober's own time</span>}
            </span>
          </th>
          <th scope="col" class="number">
            total
          </th>
          <th scope="col" class="when">
            tried
          </th>
        </tr>
      </thead>
      <tbody>
        {reports.map((report) => (
          <tr key={report.region}>
            <th scope="row">
              <Shape state={report.state} /> {report.region}
            </th>
            <td class="bar">
              <Bar report={report} longestMs={longest} />
            </td>
            <td class="number">
              {report.at === null || failed(report) ? '' : milliseconds(totalMs(report.timings))}
              {report.at !== null && !failed(report) && <span class="dim"> ms</span>}
            </td>
            <td class="when dim">{report.at === null ? 'not yet' : <Ago at={report.at} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bar({ report, longestMs }: { readonly report: RegionReport; readonly longestMs: number }) {
  const { timings, tainted, synRetransmits, tcpClock } = report;
  const bad = failed(report);
  const took = (stage: Stage): number | undefined => timings[`${stage}Ms`];
  const share = bad ? 0.55 : 1;
  return (
    <>
      <span class="track">
        {STAGES.map((stage) => {
          const ms = took(stage);
          if (ms === undefined) return null;
          const percent = (ms / longestMs) * 100 * share;
          const ours = tainted.includes(stage);
          return (
            <span
              key={stage}
              class={`stage ${stage} ${ours ? 'tainted' : ''}`}
              style={{ width: `${Math.max(0.4, percent).toFixed(2)}%` }}
              title={`${stage} ${milliseconds(ms)} ms${ours ? " (may be the prober's own time)" : ''}`}
            />
          );
        })}
        {bad && (
          <span class="ended" title={meaningOf(report) ?? ''}>
            ✕ {outcomeWords(report)}
          </span>
        )}
      </span>
      <span class="parts dim">
        {STAGES.map((stage) => {
          const ms = took(stage);
          return ms === undefined ? null : (
            <span key={stage}>
              {stage} {tainted.includes(stage) ? '~' : ''}
              {milliseconds(ms)}
            </span>
          );
        })}
        {synRetransmits > 0 && <span>SYN sent {synRetransmits + 1} times</span>}
        {tcpClock === 'loop' && <span>timed by the event loop</span>}
        {bad && <span>{meaningOf(report)}</span>}
        {report.evidence === 'inconclusive' && report.reason !== null && (
          <span>says nothing of the port</span>
        )}
      </span>
    </>
  );
}
