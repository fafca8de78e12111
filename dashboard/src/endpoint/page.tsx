import { useEffect, useState } from 'preact/hooks';
import { api, body } from '../api.ts';
import { IncidentLine } from '../incident/open.tsx';
import { IncidentTable } from '../incident/table.tsx';
import { useLoaded } from '../load.ts';
import { toRegions } from '../route.ts';
import type { Status } from '../types.ts';
import { Lost } from '../ui/connection.tsx';
import { Notice } from '../ui/notice.tsx';
import { Shape, worst } from '../ui/shape.tsx';
import { Time } from '../ui/time.tsx';
import { authority, quietWords, ruleWords, troubled } from '../words.ts';
import { Certificates } from './certificates.tsx';
import { type Asked, useCheck } from './check-now.ts';
import { CheckResult } from './check-result.tsx';
import { Ladder } from './ladder.tsx';
import { Latency } from './latency.tsx';
import { type RangeName, useSeen } from './seen.ts';
import { Timeline } from './timeline.tsx';

const RANGE_NAMES: readonly RangeName[] = ['1 h', '24 h', '7 d'];

export function EndpointPage({ id }: { readonly id: string }) {
  const { data: status, message } = useLoaded(`status ${id}`, (signal) =>
    body(api.GET('/endpoints/{id}/status', { params: { path: { id } }, signal })),
  );
  useEffect(() => {
    document.title = `${status?.endpoint.name ?? id} · Parallax`;
  }, [id, status?.endpoint.name]);
  return (
    <>
      <Lost />
      <Notice loading={status === null} message={message} what={`what is known of ${id}`} />
      {status && <Details status={status} />}
    </>
  );
}

function Details({ status }: { readonly status: Status }) {
  const { endpoint, incident, regions, certificates } = status;
  const [range, setRange] = useState<RangeName>('1 h');
  const seen = useSeen(endpoint, range);
  const { asked, ask } = useCheck(endpoint.id);
  const names = regions.map(({ region }) => region);
  return (
    <>
      <Head status={status} asked={asked} ask={ask} />
      {incident && <IncidentLine incident={incident} />}
      <CheckResult asked={asked} handshake={endpoint.handshake} />
      <section aria-labelledby="ladder">
        <h2 id="ladder">The newest handshake from each region</h2>
        <Ladder reports={regions} handshake={endpoint.handshake} />
      </section>
      <section aria-labelledby="seen">
        <div class="section-head">
          <h2 id="seen">What the regions saw</h2>
          <fieldset class="chips">
            <legend class="ear">How far back</legend>
            {RANGE_NAMES.map((name) => (
              <button
                type="button"
                class="chip"
                key={name}
                aria-pressed={range === name}
                onClick={() => setRange(name)}
              >
                {name}
              </button>
            ))}
          </fieldset>
        </div>
        <Timeline regions={names} seen={seen} incidents={incident ? [incident] : []} />
        <Latency regions={names} seen={seen} handshake={endpoint.handshake} />
      </section>
      <Certificates reports={regions} certificates={certificates} />
      <IncidentTable endpoint={endpoint.id} />
    </>
  );
}

interface HeadOptions {
  readonly status: Status;
  readonly asked: Asked;
  readonly ask: () => void;
}

function Head({ status, asked, ask }: HeadOptions) {
  const { endpoint, verdict, regions, quiet, incident } = status;
  const state = worst(regions.map((one) => one.state));
  return (
    <header class="page-head">
      <div>
        <h1>
          <Shape state={state} /> {endpoint.name}
        </h1>
        <p class="facts">
          <code>{authority(endpoint)}</code> · {endpoint.handshake} · every {endpoint.intervalSeconds} s
          {endpoint.team !== undefined && <> · team {endpoint.team}</>}
          {endpoint.tags?.map((tag) => (
            <a class="tag" key={tag} href={`#/?tag=${encodeURIComponent(tag)}`}>
              {tag}
            </a>
          ))}
        </p>
        <p class="verdict-line">
          {/* An open incident says so below. */}
          {incident === null && (
            <>
              <strong class={state}>{ruleWords(verdict.rule, troubled(regions))}</strong>{' '}
              <span class="dim">
                since <Time at={verdict.since} />
              </span>
            </>
          )}
          {verdict.settlesAt !== null && (
            <span class="dim">
              flapping, settles at <Time at={verdict.settlesAt} />
            </span>
          )}
          {quiet && (
            <span class="dim">
              {' '}
              · nothing is told until <Time at={quiet.until} />: {quietWords(quiet)}
            </span>
          )}
          {endpoint.enabled === false && <span class="dim"> · not watched: it is switched off</span>}
        </p>
      </div>
      <p class="actions">
        {endpoint.runbookUrl !== undefined && (
          <a class="button" href={endpoint.runbookUrl} rel="noreferrer">
            Runbook
          </a>
        )}
        <a class="button" href={toRegions(endpoint.id)}>
          On the map
        </a>
        <button type="button" class="primary" disabled={asked.busy} onClick={ask}>
          {asked.busy ? 'Checking…' : 'Check now'}
        </button>
      </p>
    </header>
  );
}
