import { useEffect, useRef } from 'preact/hooks';
import { EndpointPage } from './endpoint/page.tsx';
import { IncidentList } from './incident/list.tsx';
import { IncidentPage } from './incident/page.tsx';
import { incidents, look } from './live.ts';
import logo from './logo.svg';
import { RegionsPage } from './map/page.tsx';
import { Matrix } from './matrix/matrix.tsx';
import { type Route, route } from './route.ts';
import { Announcer } from './ui/announcer.tsx';
import { Connection } from './ui/connection.tsx';

const NAVIGATION = [
  { page: 'matrix', href: '#/', text: 'Endpoints' },
  { page: 'incidents', href: '#/incidents', text: 'Incidents' },
  { page: 'regions', href: '#/regions', text: 'Regions' },
] as const;

export function App() {
  const main = useRef<HTMLElement>(null);
  const key = JSON.stringify(route.value);
  const first = useRef(key);
  useEffect(() => {
    if (first.current === key) return;
    first.current = '';
    void look();
    window.scrollTo(0, 0);
    // Whoever reads by ear is told which page this is.
    main.current?.focus({ preventScroll: true });
  }, [key]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="top">
        <a class="brand" href="#/">
          <img src={logo} alt="" width="26" height="26" />
          Parallax
        </a>
        <nav aria-label="Pages">
          {NAVIGATION.map(({ page, href, text }) => (
            <a key={page} href={href} aria-current={isIn(route.value, page) ? 'page' : undefined}>
              {text}
              {page === 'incidents' && <Open />}
            </a>
          ))}
        </nav>
        <Connection />
      </header>
      <main id="main" tabIndex={-1} ref={main} key={key}>
        <Page route={route.value} />
      </main>
      <Announcer />
    </>
  );
}

function Open() {
  const count = incidents.value?.length ?? 0;
  return count === 0 ? null : (
    <span class="count">
      {count}
      <span class="ear"> open</span>
    </span>
  );
}

const isIn = (now: Route, page: (typeof NAVIGATION)[number]['page']): boolean =>
  now.page === page ||
  (page === 'matrix' && now.page === 'endpoint') ||
  (page === 'incidents' && now.page === 'incident');

function Page({ route: now }: { readonly route: Route }) {
  switch (now.page) {
    case 'matrix':
      return <Matrix />;
    case 'endpoint':
      return <EndpointPage id={now.id} />;
    case 'incidents':
      return <IncidentList />;
    case 'incident':
      return <IncidentPage id={now.id} />;
    case 'regions':
      return <RegionsPage />;
    case 'nowhere':
      return (
        <p class="notice">
          There is nothing here. <a href="#/">All endpoints</a>
        </p>
      );
  }
}
