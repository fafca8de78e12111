import { useEffect } from 'preact/hooks';
import { api, body } from '../api.ts';
import { incidents } from '../live.ts';
import { useLoaded } from '../load.ts';
import { Lost } from '../ui/connection.tsx';
import { Notice } from '../ui/notice.tsx';
import { duration } from '../ui/time.tsx';
import { Incidents } from './table.tsx';

const DAYS = 30;

/** What is open, and what was in the last thirty days. */
export function IncidentList() {
  useEffect(() => {
    document.title = 'Incidents · Parallax';
  }, []);
  const from = new Date(Date.now() - DAYS * 86_400_000).toISOString();
  const { data, message } = useLoaded('incidents', async (signal) => {
    const query = { from, limit: 200 };
    const [page, summary] = await Promise.all([
      body(api.GET('/incidents', { params: { query }, signal })),
      body(api.GET('/incidents/summary', { params: { query: { from } }, signal })),
    ]);
    return { items: page.items, more: page.next !== null, summary };
  });
  const open = incidents.value;
  const ended = data?.items.filter(({ endedAt }) => endedAt !== null) ?? [];
  return (
    <>
      <h1>Incidents</h1>
      <Lost />
      <section aria-labelledby="open">
        <h2 id="open">Open</h2>
        {open === null && <p class="notice">Reading…</p>}
        {open?.length === 0 && <p class="notice good">Nothing is open.</p>}
        {open !== null && open.length > 0 && <Incidents items={open} of="all" />}
      </section>
      <section aria-labelledby="over">
        <h2 id="over">Over, in the last {DAYS} days</h2>
        <Notice loading={data === null} message={message} what="the history" />
        {data && (
          <dl class="tiles">
            <Tile name="incidents" value={String(data.summary.incidents)} />
            <Tile name="median time to tell" value={lasting(data.summary.timeToTell.medianMs)} />
            <Tile
              name="median time to acknowledge"
              value={lasting(data.summary.timeToAcknowledge.medianMs)}
            />
            <Tile name="median time to resolve" value={lasting(data.summary.timeToResolve.medianMs)} />
          </dl>
        )}
        {data && ended.length === 0 && <p class="notice">None.</p>}
        {ended.length > 0 && <Incidents items={ended} of="all" />}
        {data?.more && <p class="dim">There were more: parallax incidents --json lists all.</p>}
      </section>
    </>
  );
}

const lasting = (ms: number | null): string => (ms === null ? '–' : duration(ms));

const Tile = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
