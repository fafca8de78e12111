import { once } from 'node:events';
import { openChildren } from '../../local/children.ts';
import { openSite } from '../../local/dashboard/site.ts';
import { Metrics } from '../../local/metrics.ts';
import { portOf } from '../../local/options.ts';
import { messageOf } from '../../local/usage-error.ts';
import { bodyOf, connect } from '../api-client.ts';
import { openFetch } from '../api-fetch.ts';
import { colors } from '../colors.ts';
import type { WrittenApi } from '../options.ts';
import { waiting } from '../progress.ts';
import { startDashboard } from './server.ts';

export interface WrittenDashboard extends WrittenApi {
  readonly port: string;
}

/** A builder that has not ended by itself after this long is killed, in ms. */
const GRACE_MS = 1000;

/**
 * Serves the dashboard of a deployment until SIGINT or SIGTERM. Exit code 0.
 * @throws UsageError, or ApiRefusal for an API that cannot be asked now: the page could show nothing.
 */
export async function runDashboard(written: WrittenDashboard): Promise<number> {
  const port = portOf(written.port);
  const client = connect(written);
  await waiting(`asking ${written.api}`, bodyOf(client.GET('/regions')));
  const children = openChildren();
  const trouble = (what: string, error: unknown): void =>
    console.error(`parallax: ${what}: ${messageOf(error)}`);
  const metrics = new Metrics({
    statusPage: (next) => bodyOf(client.GET('/status', { params: { query: next === null ? {} : { next } } })),
    status: (id) => bodyOf(client.GET('/endpoints/{id}/status', { params: { path: { id } } })),
  });
  const served = { site: openSite(children, trouble), api: openFetch(written), metrics };
  const server = await startDashboard(port, served, trouble);
  if (written.json) console.log(JSON.stringify({ event: 'ready', dashboard: `${server.url}/` }));
  else {
    console.log(
      `${colors.bold('Parallax')}  ${colors.cyan(`${server.url}/`)}  ${colors.dim(`of ${written.api}; ${server.url}/metrics for Prometheus; Ctrl-C ends it`)}`,
    );
  }
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.close();
  await children.end(GRACE_MS);
  return 0;
}
