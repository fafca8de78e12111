// biome-ignore-all lint/a11y/noAriaHiddenOnFocusable: a row is not focusable
// biome-ignore-all lint/a11y/noRedundantRoles: `display` takes their meaning away from the parts of a table
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { OpenIncidents } from '../incident/open.tsx';
import { link, statuses } from '../live.ts';
import { Lost } from '../ui/connection.tsx';
import { shown } from './filter.ts';
import { Filters } from './filters.tsx';
import { append, want } from './history.ts';
import { MatrixRow } from './row.tsx';
import { useWindow } from './window.ts';

/** Heights of a row in px, as the style sheet has them: rows that are not drawn take up their place. */
const ROW_PX = 52;
const NARROW_ROW_PX = 88;
/** Below this the regions stand under the name. */
const NARROW = matchMedia('(max-width: 700px)');
/** What the name and the verdict need beside the regions. */
const OTHER_COLUMNS_PX = 480;

export function Matrix() {
  const listed = statuses.value;
  useEffect(() => {
    document.title = 'Endpoints · Parallax';
  }, []);
  useEffect(() => {
    if (listed) append(listed);
  }, [listed]);
  return (
    <>
      <h1 class="ear">Endpoints by region</h1>
      <Lost />
      <OpenIncidents />
      {listed === null && link.value.kind !== 'lost' && <p class="notice">Reading what the regions say…</p>}
      {listed?.length === 0 && <Nothing />}
      {listed !== null && listed.length > 0 && (
        <>
          <Filters />
          <Grid />
          <p class="dim">
            In a region's column: the newest try from dns to the last stage, and the last half hour. ~ may be
            the prober's own time.
          </p>
        </>
      )}
    </>
  );
}

function Nothing() {
  return (
    <div class="notice">
      <p>
        <strong>Nothing is watched yet.</strong> Register an endpoint:
      </p>
      <pre>{`curl -X PUT ${location.origin}/api/endpoints/my-site \\
  --json '{"host": "example.com", "port": 443, "handshake": "http2"}'`}</pre>
    </div>
  );
}

function Grid() {
  const body = useRef<HTMLTableSectionElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const narrow = useNarrow();
  const rowPx = narrow ? NARROW_ROW_PX : ROW_PX;
  const rows = shown.value;
  const { first, end } = useWindow(body, rows.length, rowPx);
  const seen = rows.slice(first, end);
  const regions = [
    ...new Set((statuses.value ?? []).flatMap((one) => one.regions.map(({ region }) => region))),
  ];
  const width = useWidth(table);
  const ids = seen.map(({ status }) => status.endpoint.id).join(' ');
  useEffect(() => want(ids === '' ? [] : ids.split(' ')), [ids]);
  const room = (width - OTHER_COLUMNS_PX) / Math.max(1, regions.length);
  const density = narrow || room < 64 ? 'dots' : room < 112 ? 'compact' : 'full';
  if (rows.length === 0) return <p class="notice">No endpoint fits these filters.</p>;
  return (
    <table
      role="table"
      class={`matrix ${density}`}
      aria-rowcount={rows.length + 1}
      ref={table}
      aria-label="Endpoints by region"
    >
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          <th role="columnheader" scope="col">
            endpoint
          </th>
          <th role="columnheader" scope="col" class="verdict">
            verdict
          </th>
          {regions.map((region) => (
            <th role="columnheader" scope="col" key={region} class="region">
              <span>{region}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" ref={body}>
        <Gap px={first * rowPx} />
        {seen.map((row, position) => (
          <MatrixRow key={row.status.endpoint.id} row={row} index={first + position + 2} regions={regions} />
        ))}
        <Gap px={(rows.length - end) * rowPx} />
      </tbody>
    </table>
  );
}

/** The place of rows that are not drawn. */
const Gap = ({ px }: { readonly px: number }) =>
  px > 0 ? <tr class="gap" aria-hidden="true" style={{ height: `${px}px` }} /> : null;

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const change = (): void => setNarrow(NARROW.matches);
    NARROW.addEventListener('change', change);
    return () => NARROW.removeEventListener('change', change);
  }, []);
  return narrow;
}

function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(innerWidth);
  useLayoutEffect(() => {
    if (!element.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
