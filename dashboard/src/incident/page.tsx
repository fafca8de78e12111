import { useEffect } from 'preact/hooks';
import { all, api, body } from '../api.ts';
import { incidents } from '../live.ts';
import { useLoaded } from '../load.ts';
import { query, toEndpoint } from '../route.ts';
import type { Incident, Status } from '../types.ts';
import { Lost } from '../ui/connection.tsx';
import { Notice } from '../ui/notice.tsx';
import { duration, Time } from '../ui/time.tsx';
import { authority, END_WORDS, incidentWords } from '../words.ts';
import { Acknowledge } from './acknowledge.tsx';
import { Around, Evidence } from './evidence.tsx';
import { Together } from './together.tsx';

/** How far back an incident is looked for whose endpoint is not known. */
const BACK_MS = 30 * 86_400_000;

export function IncidentPage({ id }: { readonly id: string }) {
  const of = query.value.get('endpoint');
  const { data, message } = useLoaded(`incident ${id}`, async () => {
    const incident = await find(id, of);
    const { endpoint } = incident;
    // It may be gone by now.
    const status = endpoint === null ? null : await statusOf(endpoint);
    return { incident, status };
  });
  useEffect(() => {
    document.title = `${of ?? id}: incident · Parallax`;
  }, [id, of]);
  return (
    <>
      <Lost />
      <Notice loading={data === null} message={message} what="the incident" />
      {data && <Details incident={data.incident} status={data.status} />}
    </>
  );
}

async function find(id: string, endpoint: string | null): Promise<Incident> {
  const open = incidents.value?.find((one) => one.id === id);
  if (open) return open;
  const items =
    endpoint !== null
      ? await all(
          (next) =>
            api.GET('/endpoints/{id}/incidents', {
              params: { path: { id: endpoint }, query: next ? { next } : {} },
            }),
          5,
        )
      : [
          ...(await all((next) => api.GET('/incidents', { params: { query: next ? { next } : {} } }))),
          ...(await all((next) => {
            const from = new Date(Date.now() - BACK_MS).toISOString();
            return api.GET('/incidents', {
              params: { query: next ? { from, limit: 500, next } : { from, limit: 500 } },
            });
          }, 5)),
        ];
  const found = items.find((one) => one.id === id);
  if (!found)
    throw new Error(`there is no incident ${id} among the newest; parallax incidents lists them all`);
  return found;
}

async function statusOf(id: string): Promise<Status | null> {
  const answer = await api.GET('/endpoints/{id}/status', { params: { path: { id } } });
  return answer.response.status === 404 ? null : body(Promise.resolve(answer));
}

function Details({ incident, status }: { readonly incident: Incident; readonly status: Status | null }) {
  const { endpoint, region, severity, since, endedAt, end } = incident;
  const { failingRegions, failedRegions } = incident;
  const open = endedAt === null;
  return (
    <>
      <header class="page-head">
        <div>
          <p class="kicker">
            <span class={`severity ${severity}`}>{severity}</span> incident{' '}
            {open ? <strong class="failing">open</strong> : 'over'}
            {incident.flapping && ' · flapping'}
          </p>
          <h1>
            {endpoint === null ? (region ?? 'The deployment') : <a href={toEndpoint(endpoint)}>{endpoint}</a>}{' '}
            {incidentWords(incident)}
          </h1>
          <p class="facts">
            {status && status.endpoint.name !== endpoint && <>{status.endpoint.name} · </>}
            {status && <code>{authority(status.endpoint)}</code>}{' '}
            {open ? '' : `${END_WORDS[end ?? 'recovered']} · `}since <Time at={since} /> ·{' '}
            {open ? '' : `lasted ${duration(Date.parse(endedAt) - Date.parse(since))}`}
            {open && status && <Listening status={status} />}
          </p>
        </div>
      </header>
      {open && <Acknowledge incident={incident} />}
      {incident.cause !== null && <Together incident={incident} />}
      {open && status && status.checklist.length > 0 && (
        <section aria-labelledby="first">
          <h2 id="first">Look first</h2>
          <ol class="look-first">
            {status.checklist.map((line) => (
              <li key={line}>
                <Look line={line} />
              </li>
            ))}
          </ol>
          {status.endpoint.runbookUrl !== undefined && (
            <p>
              <a href={status.endpoint.runbookUrl} rel="noreferrer">
                Runbook
              </a>
            </p>
          )}
        </section>
      )}
      {status && <Evidence status={status} open={open} failing={open ? failingRegions : failedRegions} />}
      {status && <Around incident={incident} status={status} />}
      <Course incident={incident} />
    </>
  );
}

/** A question, and what answers it. */
function Look({ line }: { readonly line: string }) {
  const end = line.indexOf('? ') + 1;
  if (end === 0) return <>{line}</>;
  return (
    <>
      {line.slice(0, end)} <code>{line.slice(end + 1)}</code>
    </>
  );
}

function Listening({ status }: { readonly status: Status }) {
  const passing = status.regions.filter(({ state }) => state === 'passing').length;
  return passing === 0 ? (
    <>no region passes</>
  ) : (
    <>
      listening from {passing} of {status.regions.length} regions
    </>
  );
}

/** What happened when. */
function Course({ incident }: { readonly incident: Incident }) {
  const { since, openedAt, toldAt, acknowledged, endedAt, end } = incident;
  const steps: readonly (readonly [string, string | null, string])[] = [
    ['first failing handshake', since, ''],
    ['confirmed', openedAt, ''],
    ['told', toldAt, ''],
    [
      'acknowledged',
      acknowledged?.at ?? null,
      acknowledged ? `by ${acknowledged.by}${acknowledged.note ? `: ${acknowledged.note}` : ''}` : '',
    ],
    ['over', endedAt, end === null ? '' : END_WORDS[end]],
  ];
  return (
    <section aria-labelledby="course">
      <h2 id="course">Course</h2>
      <ol class="course">
        {steps.map(([name, at, words]) => (
          <li key={name} class={at === null ? 'dim' : ''}>
            <span>{name}</span>{' '}
            {at === null ? endedAt === null ? 'not yet' : 'never' : <Time at={at} age={false} />}{' '}
            {at !== null && at !== since && (
              <span class="dim">+{duration(Date.parse(at) - Date.parse(since))}</span>
            )}{' '}
            {words}
          </li>
        ))}
      </ol>
    </section>
  );
}
