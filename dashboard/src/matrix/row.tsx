// biome-ignore-all lint/a11y/noRedundantRoles: `display` takes their meaning away from the parts of a table
import { toEndpoint } from '../route.ts';
import type { RegionReport } from '../types.ts';
import { Shape } from '../ui/shape.tsx';
import { Ago, milliseconds } from '../ui/time.tsx';
import { authority, failed, outcomeWords, quietWords, ruleWords, shortOutcome, troubled } from '../words.ts';
import type { Row } from './filter.ts';
import { totalMs } from './history.ts';
import { Spark } from './spark.tsx';

interface RowOptions {
  readonly row: Row;
  /** 1-based, the heading being the first. */
  readonly index: number;
  readonly regions: readonly string[];
}

export function MatrixRow({ row: { status, state }, index, regions }: RowOptions) {
  const { endpoint, verdict, quiet } = status;
  const reports = new Map(status.regions.map((report) => [report.region, report]));
  return (
    <tr role="row" aria-rowindex={index} class={verdict.severity === null ? '' : 'open'}>
      <th role="rowheader" scope="row">
        <a href={toEndpoint(endpoint.id)}>{endpoint.name}</a>
        <span class="where dim">
          {authority(endpoint)} · {endpoint.handshake}
        </span>
      </th>
      <td role="cell" class="verdict">
        {verdict.severity !== null && <span class={`severity ${verdict.severity}`}>{verdict.severity}</span>}
        <span class={`words ${verdict.severity === null ? state : ''}`}>
          {ruleWords(verdict.rule, troubled(status.regions))}
          <span class="since dim">
            {verdict.settlesAt === null ? '' : ' · flapping'}
            {quiet === null ? '' : ` · ${quietWords(quiet)}`}
            {verdict.rule !== 'reachable' && (
              <>
                {' · '}
                <Ago at={verdict.since} />
              </>
            )}
          </span>
        </span>
      </td>
      {regions.map((region) => (
        <td role="cell" key={region} class="cell">
          <Cell id={endpoint.id} report={reports.get(region)} region={region} />
        </td>
      ))}
    </tr>
  );
}

interface CellOptions {
  readonly id: string;
  readonly region: string;
  readonly report: RegionReport | undefined;
}

function Cell({ id, region, report }: CellOptions) {
  if (!report)
    return (
      <span class="dim" title={`${region}: does not try this endpoint`}>
        –
      </span>
    );
  const { state, timings, tainted } = report;
  const bad = failed(report);
  const words = bad
    ? shortOutcome(report)
    : report.at === null
      ? 'no data yet'
      : `${tainted.length > 0 ? '~' : ''}${milliseconds(totalMs(timings))}`;
  return (
    <span class={`report ${state}`} title={titleOf(report)}>
      <Shape state={state} label={`${region} ${state}:`} />
      <span class="value">
        {words}
        {!bad && report.at !== null && <span class="dim"> ms</span>}
      </span>
      <Spark id={id} region={region} />
    </span>
  );
}

function titleOf(report: RegionReport): string {
  const { region, state, timings, address, tainted } = report;
  const stages = Object.entries(timings).map(
    ([stage, ms]) => `${stage.replace('Ms', '')} ${milliseconds(ms)} ms`,
  );
  const parts = [`${region}: ${state}`, failed(report) ? outcomeWords(report) : '', ...stages, address ?? ''];
  const spoiled = tainted.length > 0 ? `may be the prober's own time: ${tainted.join(', ')}` : '';
  return [...parts, spoiled].filter(Boolean).join('\n');
}
